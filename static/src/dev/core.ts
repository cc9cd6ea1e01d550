// A core for the dev page: records in memory, no server, no journal. It climbs the
// same ladder (writing, phone, sent, saved) with timers, so that screens can be looked at.
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { Problem, type Change, type Core, type Draft, type Gate, type Item, type Rec, type Session, type Step, type SyncState, type Way } from '../core/api';
import { town } from './town';

export interface DevOptions {
  session: Session | null;
  state: 'live' | 'offline' | 'full' | 'fetching' | 'retry' | 'empty' | 'version' | 'trouble' | 'signed_out';
  /** Answers of fetchJSON by path. */
  answers?: Record<string, unknown>;
}

const times: Record<string, (s: SyncState) => void> = {
  live: () => {},
  empty: () => {},
  trouble: (s) => Object.assign(s, { unsent: 2, trouble: 2 }),
  signed_out: (s) => (s.phase = 'signed_out'),
  version: (s) => (s.newVersion = true),
  offline: (s) => Object.assign(s, { phase: 'offline', unsent: 3 }),
  full: (s) => Object.assign(s, { phase: 'offline', storage: { ...s.storage, full: true } }),
  fetching: (s) => Object.assign(s, { phase: 'fetching', fetch: { done: 236, total: 412, share: 236 / 412, bytes: 180_000 } }),
  retry: (s) => Object.assign(s, { phase: 'offline', retryAt: Date.now() + 30_000, unsent: 1 }),
};

/** Makes a Core that behaves, on the surface, like the real one. */
export function devCore(o: DevOptions): Core {
  const state: SyncState = {
    phase: 'live', lastReceipt: new Date().setHours(14, 2, 0, 0), lastContact: Date.now(), unsent: 0, trouble: 0, fetch: null, retryAt: null, again: null,
    storage: { persisted: true, full: false, low: false, lost: null, journal: 'opfs' }, newVersion: false,
  };
  times[o.state]?.(state);
  return new DevCore(o, state);
}

class DevCore implements Core {
  session;
  sync;
  items = signal<Item[]>([]);
  photos: Core['photos'] = { waiting: signal<string[]>([]), add: async () => '', picture: async () => { throw new Problem('offline'); }, keepPaper: async () => ({ size: 1, hash: '' }), dropPaper: async () => undefined, hold: (work) => work() };
  push = { state: signal('off' as const) as Core['push']['state'], enable: async () => {}, disable: async () => {} };
  #records;
  #lists = new Map<string, ReadonlySignal<Rec[]>>();
  #number = 8214;
  #drafts = new Map<string, Draft>();

  constructor(private o: DevOptions, state: SyncState) {
    this.session = signal<Session | null | undefined>(o.session);
    this.sync = signal(state);
    if (o.state === 'trouble') this.items.value = troubled();
    this.#records = signal(o.state === 'empty' ? town().filter((r) => ['colleague', 'unit', 'agreement'].includes(r.kind)) : town());
  }

  handIn = async () => ({ kept: 2, known: 0, left: 0, closed: 0 });

  list(kind: string) {
    const known = this.#lists.get(kind) ?? computed(() => this.#records.value.filter((r) => r.kind === kind));
    this.#lists.set(kind, known);
    return known;
  }
  get = (kind: string, id: string) => this.#records.value.find((r) => r.kind === kind && r.id === id);

  async commit(changes: Change[]) {
    if (this.o.state === 'full') throw new Problem('phone_full');
    const commit = crypto.randomUUID();
    const all = [...this.#records.peek()];
    for (const c of changes) {
      const i = all.findIndex((r) => r.kind === c.kind && r.id === c.record);
      const before = i < 0 ? { org: 'sjobergahem', id: c.record, kind: c.kind, f: {}, n: {}, unsent: true } : all[i];
      const after = { ...before, f: { ...before.f, ...c.fields }, unsent: true };
      if (i < 0) all.push(after);
      else all[i] = after;
    }
    this.#records.value = all;
    this.items.value = [...this.items.peek(), { commit, step: { step: 'phone', at: Date.now() }, changes }];
    this.#count();
    if (this.sync.peek().phase === 'live') this.#climb(commit);
    return commit;
  }

  owner = () => 'dev';
  commitAll = (all: Change[][]) => Promise.all(all.map((changes) => this.commit(changes)));

  #climb(commit: string) {
    setTimeout(() => this.#step(commit, { step: 'sent', at: Date.now() }), 500);
    setTimeout(() => this.#step(commit, { step: 'saved', at: Date.now(), number: this.#number++ }), 1100);
  }
  #step(commit: string, step: Step) {
    this.items.value = this.items.peek().map((i) => (i.commit === commit ? { ...i, step } : i));
    this.#count();
  }
  #count() {
    const unsent = this.items.peek().filter((i) => i.step.step === 'phone' || i.step.step === 'sent').length;
    this.sync.value = { ...this.sync.peek(), unsent: unsent + (this.o.state === 'offline' ? 3 : 0) };
  }

  async undo(commit: string) {
    const item = this.items.peek().find((i) => i.commit === commit);
    if (item?.step.step !== 'phone') return false;
    this.items.value = this.items.peek().filter((i) => i !== item);
    this.#count();
    return true;
  }
  async putAway(commit: string) {
    this.items.value = this.items.peek().filter((i) => i.commit !== commit);
  }
  async retry(commit: string) {
    this.#step(commit, { step: 'phone', at: Date.now() });
    this.#climb(commit);
  }
  stepOf = (record: string) =>
    computed(() => this.items.value.filter((i) => i.changes.some((c) => c.record === record)).at(-1)?.step ?? null);
  stepOfCommit = (commit: string) => computed(() => this.items.value.find((i) => i.commit === commit)?.step ?? null);

  draftKeys = (): string[] => [];
  draft(key: string): Draft {
    const known = this.#drafts.get(key);
    if (known) return known;
    const text = signal('');
    const step = signal<Step | null>(null);
    let timer = 0;
    const made: Draft = {
      text, step,
      set(value) {
        text.value = value;
        step.value = { step: 'writing', at: Date.now() };
        clearTimeout(timer);
        timer = setTimeout(() => (step.value = { step: 'phone', at: Date.now() }), 400) as unknown as number;
      },
      async clear() {
        clearTimeout(timer);
        text.value = '';
        step.value = null;
      },
    };
    this.#drafts.set(key, made);
    return made;
  }

  begun = new Set<() => boolean>();
  gate = signal<Gate>({ at: 'in' });
  handOver = async (): Promise<void> => { throw new Problem('no_hand_over'); };
  readonly limits = signal({});
  ways = (): Way[] => ['passphrase'];
  signsIn = (): Way[] => ['passphrase'];
  async changeWays() {}
  async signIn() {
    this.session.value = this.o.session;
  }
  async enrol() {}
  async unlock() {}
  async lock() {}
  async sign() {
    return new Uint8Array(64);
  }
  async signOut() {
    this.session.value = null;
  }
  syncNow() {}
  applyNewVersion() {}
  whole = () => true;
  sawLoss() {}
  async takeOut() {
    return { file: new Blob(['{}']), name: 'bokvar.bokvar', code: '7KQ2M4XDP9VB3HRT' };
  }
  async takeIn() {
    return { person: 'kim', name: 'Kim Strandvik', count: 2, notes: [] };
  }
  async fetchJSON<T>(path: string): Promise<T> {
    const found = this.o.answers?.[path.split('?')[0]];
    if (!found) throw new Problem('offline');
    return found as T;
  }
}

/** One commit on each rung. */
function troubled(): Item[] {
  const at = Date.now() - 600_000;
  const note = (text: string) => [{ kind: 'note', record: crypto.randomUUID(), fields: { text } }];
  const steps: [Step, string][] = [
    [{ step: 'saved', at, number: 8213 }, 'Pratade med grannen.'],
    [{ step: 'held', at, number: 8214, code: 'later_withdrawal' }, ''],
    [{ step: 'refused', at, code: 'locked', sentence: 'Det är signerat.' }, 'Ringde på två gånger. Grannen säger att familjen är bortrest till helgen.'],
    [{ step: 'sent', at }, 'Lapp lämnad.'],
    [{ step: 'phone', at }, 'Öppnade dörren på glänt.'],
  ];
  return steps.map(([step, text], i) => ({ commit: `c${i}`, step, changes: text ? note(text) : [{ kind: 'giving', record: 'g', fields: {} }] }));
}

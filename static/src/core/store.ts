// What the screens read: records in memory with the overlay on top, as signals.
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { Item, Rec, Step } from './api';
import { Outbox, stepOf, type Entry } from './outbox';
import { overlay, touched } from './overlay';
import { keyOf } from './outbox';
import type { Page, WireRecord } from './wire';

type Kind = Map<string, Rec>; // by id

export class Store {
  readonly records = new Map<string, WireRecord>();
  readonly outbox: Outbox;
  readonly items: ReadonlySignal<Item[]>;
  cursor = 0;
  epoch = 0;
  generation = '';
  waits = 0; // records that the last page said were still to come

  #kinds = new Map<string, Signal<Kind>>();
  #lists = new Map<string, ReadonlySignal<Rec[]>>();
  #renewing: { cursor: number; seen: Set<string> } | null = null;
  #turn = signal(0); // counts changes of the outbox
  #latest: ReadonlySignal<Map<string, Entry>>;

  constructor(org: string) {
    this.outbox = new Outbox(org);
    this.items = computed(() => {
      this.#turn.value;
      return this.outbox.entries.filter((e) => !e.receipt?.away).map(itemOf);
    });
    this.#latest = computed(() => {
      this.#turn.value;
      const latest = new Map<string, Entry>();
      for (const e of this.outbox.entries) for (const c of e.changes) latest.set(c.record, e);
      return latest;
    });
  }

  list(kind: string): ReadonlySignal<Rec[]> {
    let list = this.#lists.get(kind);
    if (!list) {
      const records = this.#kind(kind);
      list = computed(() => [...records.value.values()]);
      this.#lists.set(kind, list);
    }
    return list;
  }

  get = (kind: string, id: string): Rec | undefined => this.#kind(kind).value.get(id);

  stepOf = (record: string): ReadonlySignal<Step | null> =>
    computed(() => {
      const e = this.#latest.value.get(record);
      return e ? stepOf(e) : null;
    });

  stepOfCommit = (commit: string): ReadonlySignal<Step | null> =>
    computed(() => {
      this.#turn.value;
      const e = this.outbox.find(commit);
      return e ? stepOf(e) : null;
    });

  /** Fills the store at the start. */
  load(records: WireRecord[], entries: Entry[]): void {
    for (const r of records) this.#put(r);
    this.outbox.load(entries);
    this.redraw();
  }

  /** Puts what the readable copy has in the place of the records. */
  replace(records: WireRecord[], at: { cursor: number; epoch: number; generation: string; waits?: number }): void {
    this.records.clear();
    for (const r of records) this.#put(r);
    Object.assign(this, { cursor: at.cursor, epoch: at.epoch, generation: at.generation, waits: at.waits ?? 0 });
    this.redraw();
  }

  /** Shows entries that were written, settled or taken back. */
  changed(entries: Entry[]): void {
    batch(() => {
      this.#turn.value++;
      this.#refresh(new Set(entries.flatMap((e) => touched(e, this.outbox))));
    });
  }

  /** How far this phone has fetched. */
  get position(): number {
    return this.#renewing?.cursor ?? this.cursor;
  }

  /** Nothing of what this person may see is still to come, as far as is known. */
  get whole(): boolean {
    return this.cursor > 0 && this.waits === 0;
  }

  get renewing(): boolean {
    return this.#renewing !== null;
  }

  /** Fetches everything anew, and keeps what is here until all of it has come (D9). */
  renew(): void {
    this.#renewing = { cursor: 0, seen: new Set() };
  }

  /** Applies a page as a whole, or leaves it: older than what is here, read under an
   *  older access, following a cursor that has not been reached, or for a phone that has
   *  nothing: that one does not say what has left (D6). */
  apply(page: Page): 'applied' | 'old' | 'gap' {
    const from = page.from ?? 0;
    if (from > this.position) return 'gap';
    if (page.epoch < this.epoch || page.cursor < this.position) return 'old';
    if (from === 0 && this.position > 0) return 'gap';
    if (from === 0 && page.cursor > 0 && this.records.size > 0 && !this.#renewing) this.renew();
    const before = this.outbox.entries.filter((e) => this.outbox.onTop(e, this.cursor));
    const keys = new Set<string>();
    for (const r of page.records) keys.add(this.#put(r));
    if (this.#renewing) this.#renewed(page, keys);
    this.cursor = Math.max(this.cursor, page.cursor);
    this.epoch = page.epoch;
    this.waits = page.waiting;
    for (const e of before) if (!this.outbox.onTop(e, this.cursor)) touched(e, this.outbox).forEach((k) => keys.add(k));
    batch(() => this.#refresh(keys));
    return 'applied';
  }

  #renewed(page: Page, keys: Set<string>): void {
    const { seen } = this.#renewing!;
    for (const key of keys) seen.add(key);
    this.#renewing!.cursor = page.cursor;
    if (page.waiting > 0) return;
    for (const key of this.records.keys()) if (!seen.has(key) && this.records.delete(key)) keys.add(key);
    this.#renewing = null;
  }

  /** Takes the server's answer to hello. True when it is another generation than the
   *  cursor belongs to: then the records go and what is unsent stays. What another
   *  generation acknowledged lately is unsent again (D7). */
  welcome(w: { generation: string; epoch: number }, now: number): boolean {
    const anew = this.generation !== '' && this.generation !== w.generation;
    if (anew) {
      this.records.clear();
      this.#renewing = null;
      this.cursor = this.waits = 0;
    }
    if (this.outbox.startOver(now, w.generation, anew) || anew) this.redraw();
    this.generation = w.generation;
    this.epoch = w.epoch;
    return anew;
  }

  /** Takes away what was seen through a room at another epoch than the one named. What
   *  went is returned, as records that left. */
  shut(rooms: string[]): WireRecord[] {
    const now = new Map(rooms.map((r) => [roomOf(r), r]));
    const gone = [...this.records.values()].filter((r) => r.room && now.has(roomOf(r.room)) && now.get(roomOf(r.room)) !== r.room);
    for (const { org, id, kind } of gone) this.#put({ org, id, kind, left: true });
    batch(() => this.#refresh(new Set(gone.map((r) => keyOf(r.org, r.id)))));
    return gone.map(({ org, id, kind }) => ({ org, id, kind, left: true }));
  }

  #put(r: WireRecord): string {
    const key = keyOf(r.org, r.id);
    if (r.left) this.records.delete(key);
    else this.records.set(key, r);
    return key;
  }

  /** Draws every record anew. */
  redraw(): void {
    const keys = new Set([...this.records.keys(), ...this.outbox.entries.flatMap((e) => touched(e, this.outbox))]);
    batch(() => {
      this.#turn.value++;
      for (const kind of this.#kinds.values()) kind.value = new Map();
      this.#refresh(keys);
    });
  }

  #refresh(keys: Set<string>): void {
    const fresh = new Map<string, Kind>();
    const of = (kind: string) => {
      let map = fresh.get(kind);
      if (!map) fresh.set(kind, (map = new Map(this.#kind(kind).peek())));
      return map;
    };
    const laid = this.outbox.entries.filter((e) => this.outbox.onTop(e, this.cursor));
    const covered = new Set(laid.flatMap((e) => touched(e, this.outbox)));
    for (const key of keys) {
      const rec = overlay(key, this.records.get(key), covered.has(key) ? laid : [], this.outbox, this.cursor);
      if (rec) of(rec.kind).set(rec.id, rec);
      else this.#forget(key, of);
    }
    for (const [kind, map] of fresh) this.#kind(kind).value = map;
  }

  /** What is not there any longer does not say of which kind it was. */
  #forget(key: string, of: (kind: string) => Kind): void {
    const [org, id] = key.split('\n');
    for (const [kind, records] of this.#kinds) if (records.peek().get(id)?.org === org) of(kind).delete(id);
  }

  #kind(kind: string): Signal<Kind> {
    let found = this.#kinds.get(kind);
    if (!found) this.#kinds.set(kind, (found = signal<Kind>(new Map())));
    return found;
  }
}

/** A room's name without its epoch. */
const roomOf = (room: string): string => room.slice(0, room.lastIndexOf('.'));

function itemOf(e: Entry): Item {
  const plain = (fields: Entry['changes'][number]['fields']) => Object.fromEntries(Object.entries(fields).map(([name, set]) => [name, set.v]));
  return { commit: e.id, step: stepOf(e), changes: e.changes.map((c) => ({ kind: c.kind, record: c.record, fields: plain(c.fields) })) };
}

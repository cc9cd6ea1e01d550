// This phone's own commits: what was written, how far it has come, and what of it
// still lies on top of the server's records. Rules D1… of sync/SPEC.md; pure.
import type { Change, Step } from './api';
import type { Receipt, WireChange, WireCommit, WireRecord } from './wire';

/** How long a commit is kept after its receipt, ms: longer than the time between two backups. */
export const keepAcknowledged = 14 * 86_400_000;

export interface Entry {
  id: string;
  at: number; // ms, this phone's clock
  order?: number; // of its line in the journal
  raw: string; // as it is sent, the same bytes every time; '' when its content is gone
  changes: WireChange[]; // empty when its content is gone
  made: boolean[]; // of each change: the record was not there when it was written
  receipt?: Receipt; // saved, held or refused
  settled?: number; // when the receipt came, ms, this phone's clock
  sent?: number; // when it was first handed to the network, ms
  going?: boolean; // about to be handed over: it can no longer be taken back
}

export const keyOf = (org: string, record: string): string => `${org}\n${record}`;

/** A change as it was written: on what it saw then. Sent again on what is here now, it
 *  would lay itself over what a colleague wrote since, unseen. */
export function asWritten({ org, kind, record, fields }: WireChange): Change {
  const of = <T>(value: (set: WireChange['fields'][string]) => T) => Object.fromEntries(Object.entries(fields).map(([name, set]) => [name, value(set)]));
  return { org, kind, record, fields: of((set) => set.v), bases: of((set) => set.b ?? 0) };
}

/** Of what is held with one of these nobody is told. */
const untold = new Set(['predecessor', 'server_too_old']);

/** The kinds that a landlord's phone writes for somebody else and reads nothing back of. */
const collected = new Set(['giving', 'signature', 'paper_photo', 'withdrawal']);

export class Outbox {
  entries: Entry[] = []; // in the order written

  constructor(private org: string) {}

  key = (c: { org?: string; record: string }): string => keyOf(c.org || this.org, c.record);

  find = (id: string): Entry | undefined => this.entries.find((e) => e.id === id);

  /** From when it is written until the server turns it down, or its change is in the records (D3). */
  onTop = (e: Entry, cursor: number): boolean =>
    !e.receipt ? true : e.receipt.status === 'saved' && (e.receipt.cursor ?? 0) > cursor;

  /** Makes a commit of changes. A field is based on the version that the server's
   *  record has here, or the one it was written on; what this phone has written since is named in `after` (D2).
   *  `beside` is what is being written together with it, before it. */
  write(id: string, at: number, cursor: number, changes: Change[], record: (key: string) => WireRecord | undefined, beside: Entry[] = []): Entry {
    const before = [...this.entries, ...beside];
    const wire = changes.map((c): WireChange => {
      const known = record(this.key(c));
      const fields: WireChange['fields'] = {};
      for (const [name, value] of Object.entries(c.fields)) {
        const base = (c.bases ?? known?.n)?.[name] ?? 0;
        fields[name] = base ? { v: value, b: base } : { v: value };
      }
      const org = c.org && c.org !== this.org ? { org: c.org } : {};
      return { ...org, kind: c.kind, record: c.record, fields };
    });
    const made = changes.map((c) => !record(this.key(c)) && !this.laid(this.key(c), cursor, before));
    const after = before.filter((e) => this.onTop(e, cursor) && this.builds(wire, e)).map((e) => e.id);
    const commit: WireCommit = { id, ...(after.length ? { after } : {}), at, cursor, changes: wire };
    return { id, at, raw: JSON.stringify(commit), changes: wire, made };
  }

  /** It touches one of the same records, or names a record that the other one made. */
  private builds(changes: WireChange[], before: Entry): boolean {
    return changes.some((c) =>
      before.changes.some(
        (b, i) => this.key(b) === this.key(c) || (before.made[i] && Object.values(c.fields).some((set) => set.v === b.record)),
      ),
    );
  }

  private laid = (key: string, cursor: number, before: Entry[]): boolean =>
    before.some((e) => this.onTop(e, cursor) && e.changes.some((c) => this.key(c) === key));

  unsent = (): Entry[] => this.entries.filter((e) => !e.receipt && e.raw);
  trouble = (): Entry[] => this.entries.filter((e) => e.receipt && e.receipt.status !== 'saved' && !e.receipt.away);

  /** Takes the server's word, or its person's that it is put away. Null when it settles
   *  nothing: "again", known, or not ours. */
  settle(r: Receipt, now: number): Entry | null {
    const e = this.find(r.commit);
    if (!e || r.status === 'again' || (e.receipt && !r.away)) return null;
    e.receipt = r;
    e.settled ??= now;
    if (this.collects(e) && r.status !== 'refused') this.strip(e);
    return e;
  }

  /** Its content belongs to another organisation and is not to stay here after the receipt. */
  collects = (e: Entry): boolean => e.changes.some((c) => collected.has(c.kind) && !!c.org && c.org !== this.org);

  private strip(e: Entry): void {
    e.raw = '';
    e.changes = e.changes.map((c) => ({ ...c, fields: {} }));
    e.made = e.made.map(() => false);
  }

  /** Takes what the journal told. */
  load(entries: Entry[]): void {
    this.entries = entries;
    for (const e of entries) if (e.receipt && e.receipt.status !== 'refused' && this.collects(e)) this.strip(e);
  }

  drop(id: string): void {
    this.entries = this.entries.filter((e) => e.id !== id);
  }

  /** Another generation of the server's database: what another one
   *  acknowledged goes again (D7). A receipt of an older app does not say which. */
  startOver(now: number, generation: string, anew: boolean): boolean {
    const stale = (r: Receipt) => (r.generation ? r.generation !== generation : anew);
    if (anew) this.forget(now, Infinity);
    const due = (e: Entry) => e.receipt && e.raw && stale(e.receipt);
    const named = this.named(this.entries.filter((e) => !e.receipt || due(e)));
    const again = this.entries.filter((e) => due(e) && (e.receipt!.status !== 'refused' || named.has(e.id)));
    for (const e of again) e.receipt = e.settled = undefined;
    return again.length > 0;
  }

  /** A server that was restored does not know what this commit builds on, and the content of
   *  that has left this phone: nobody can bring it again, so it is not waited for (D7). */
  letGo(id: string): boolean {
    const e = this.find(id);
    if (!e?.raw || e.receipt) return false;
    const commit = JSON.parse(e.raw) as WireCommit;
    const after = commit.after?.filter((before) => this.find(before)?.raw !== '');
    if (!after || after.length === commit.after!.length) return false;
    e.raw = JSON.stringify({ ...commit, after: after.length ? after : undefined });
    return true;
  }

  /** The receipt for what a held commit's person has put away; null where it is not held. */
  away(id: string): Receipt | null {
    const r = this.find(id)?.receipt;
    return r?.status === 'held' ? { ...r, away: true } : null;
  }

  /** Ends the time for which acknowledged commits are kept. What one that is kept builds
   *  on is kept with it: without that a restored server would make it wait for ever (D8). True when something went. */
  forget(now: number, cursor: number): boolean {
    const old = (e: Entry) => seen(e) && !this.onTop(e, cursor) && (e.settled ?? 0) < now - keepAcknowledged;
    if (!this.entries.some(old)) return false; // as nearly always: asked twice a minute, and what follows reads every commit
    const needed = new Set<string>();
    for (const e of [...this.entries].reverse()) {
      if (old(e) && !needed.has(e.id)) continue;
      needed.add(e.id);
      for (const id of this.named([e])) needed.add(id);
    }
    const before = this.entries;
    this.entries = before.filter((e) => needed.has(e.id));
    return this.entries.length < before.length;
  }

  /** The commits that these build on. */
  private named = (entries: Entry[]): Set<string> => new Set(entries.flatMap((e) => (e.raw ? ((JSON.parse(e.raw) as WireCommit).after ?? []) : [])));
}

/** The server keeps all of it, and somebody knows of it. A picture may still wait here
 *  for a record that is held. */
const seen = ({ receipt: r, changes }: Entry): boolean =>
  r?.status === 'saved' || (r?.status === 'held' && (r.away || !untold.has(r.code!)) && !changes.some((c) => c.kind.endsWith('photo')));

/** The rung of the ladder that an entry stands on. */
export function stepOf(e: Entry): Step {
  const r = e.receipt;
  if (!r) return e.sent ? { step: 'sent', at: e.sent } : { step: 'phone', at: e.at };
  const at = r.at ?? e.settled ?? e.at;
  if (r.status === 'saved') return { step: 'saved', at, number: r.number };
  return { step: r.status === 'held' ? 'held' : 'refused', at, number: r.number, code: r.code, sentence: r.sentence };
}

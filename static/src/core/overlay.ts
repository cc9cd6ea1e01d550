// What a person sees: the server's record with this phone's own changes laid on
// top. Nothing is merged here (D3 to D5 of sync/SPEC.md); pure.
import type { Rec } from './api';
import type { Entry, Outbox } from './outbox';
import type { WireRecord } from './wire';

/** One record with the entries laid over it, in the order written. Undefined when
 *  neither the server nor an entry has made it. */
export function overlay(key: string, record: WireRecord | undefined, entries: Entry[], outbox: Outbox, cursor: number): Rec | undefined {
  let view: Rec | undefined = record && { org: record.org, id: record.id, kind: record.kind, f: record.f ?? {}, n: record.n ?? {}, ...(record.room && { room: record.room }), unsent: false };
  for (const e of entries) {
    if (!outbox.onTop(e, cursor)) continue;
    e.changes.forEach((c, i) => {
      if (outbox.key(c) !== key) return;
      if (!view && !e.made[i]) return; // it has left this phone
      const before = view ?? { org: key.slice(0, key.indexOf('\n')), id: c.record, kind: c.kind, f: {}, n: {}, unsent: false };
      const f = { ...before.f };
      for (const [name, set] of Object.entries(c.fields)) f[name] = set.v;
      view = { ...before, f, unsent: before.unsent || !e.receipt };
    });
  }
  return view;
}

/** The records that an entry concerns. */
export const touched = (e: Entry, outbox: Outbox): string[] => e.changes.map(outbox.key);

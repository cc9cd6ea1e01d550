// The values of a field that rules.md keeps both of: a second door code, telephone or
// advice is shown beside the first until somebody has chosen between them.
import type { Rec } from '../../core/api';
import type { ConflictVersion } from '../../schema.gen';

/** The fields with the word keep-both. */
export const bothShown = ['household.door_code', 'household.safety', 'person.phone', 'person.email'];

/** One value, and who wrote it when; nothing of that where there is no other to tell it from. */
export interface Value {
  v: string;
  by?: string;
  at?: number;
}

export interface Values {
  all: Value[]; // the one that counts for now first; one that somebody emptied last
  settle?: Rec; // the conflict that nobody has settled yet
}

/** What is written in the field, and everything beside it that nobody has put aside. */
export function valuesOf(rec: Rec | undefined, field: string, conflicts: Rec[]): Values {
  const current = (rec?.f[field] as string | null | undefined) ?? '';
  const about = conflicts.filter((c) => c.f.record === rec?.id && c.f.field === field && stands(c, current));
  const all: Value[] = [];
  const add = (value: Value) => all.some((known) => known.v === value.v) || all.push(value);
  const versions: ConflictVersion[] = about.flatMap((c) => c.f.versions ?? []);
  const said = versions.map(({ v, by, at }) => ({ v: (v as string | null) ?? '', by, at }));
  const now = said.find((value) => value.v === current);
  if (current || now) add(now ?? { v: current });
  said.forEach(add);
  return { all: [...all.filter((value) => value.v), ...all.filter((value) => !value.v)], settle: about.find((c) => c.f.state === 'open') };
}

/** Open, or settled with "both are right" and nobody has written anything new since. A choice
 *  that is only on this phone changes nothing yet. */
function stands(conflict: Rec, current: string): boolean {
  if (conflict.f.state === 'open') return true;
  return conflict.f.state === 'settled' && conflict.f.choice === 'both' && ((conflict.f.versions ?? []) as ConflictVersion[]).some((version) => (version.v ?? '') === current);
}

// What lies beside the journal belongs to all tabs, and each has read it at another time.
import type { Kept } from './kept';

/** Brings what other tabs have kept since `lay` was read into what this tab has, in place. What
 *  this tab changed stays as it has it; a locker that was wiped anywhere is gone. */
export function takeIn(mine: Kept, lay: Uint8Array, lies: Uint8Array): void {
  const [base, there] = [lay, lies].map(read);
  if (!base || !there) return; // it says nothing of what is gone
  const { lockers, ...rest } = there;
  merge(mine, base, rest, ['lockers']);
  for (const id of new Set([...Object.keys(mine.lockers), ...Object.keys(lockers)])) {
    const [here, before, other] = [mine.lockers[id], base.lockers[id], lockers[id]];
    if (before && !(here && other)) delete mine.lockers[id];
    else if (here && other) merge(here, before ?? {}, other);
    else if (other) mine.lockers[id] = other;
  }
}

function read(bytes: Uint8Array): Kept | null {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Kept;
  } catch {
    return null;
  }
}

/** Field by field: theirs, where mine is as it was. */
function merge<T extends object>(mine: T, base: Partial<T>, theirs: Partial<T>, but: string[] = []): void {
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)]) as Set<string & keyof T>) {
    if (but.includes(name) || JSON.stringify(mine[name]) !== JSON.stringify(base[name])) continue;
    if (theirs[name] === undefined) delete mine[name];
    else mine[name] = theirs[name]!;
  }
}

// A joint time is two records: a proposal, and the other side's answer to it. Each
// side writes its own; what they come to together is read here, and never merged.
import type { Rec } from '../core/api';

export interface Pair {
  id: string; // of the proposal
  own?: Rec;
  theirs?: Rec;
}

/** How a time stands, as one's own side sees it. `differ`: both hold to times, and they are not the same. */
export type Stand = 'asked' | 'asks' | 'agreed' | 'declined' | 'turned_down' | 'cancelled' | 'called_off' | 'differ' | 'alone';

/** Proposals with their answers, the earliest time first. */
export function pairsOf(times: Rec[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const time of times) {
    const id = (time.f.answers as string) || time.id;
    const pair = pairs.get(id) ?? { id };
    pairs.set(id, time.room ? { ...pair, theirs: time } : { ...pair, own: time });
  }
  return [...pairs.values()].sort((a, b) => timeOf(a) - timeOf(b));
}

export const timeOf = ({ own, theirs }: Pair): number => (own ?? theirs)!.f.planned_at;

const open = (time?: Rec) => time?.f.state === 'proposed' || time?.f.state === 'agreed';

export function standOf({ own, theirs }: Pair): Stand {
  if (!own) return open(theirs) ? 'asks' : 'cancelled';
  if (!theirs) return !open(own) ? (own.f.state === 'declined' ? 'declined' : 'cancelled') : own.f.answers ? 'alone' : 'asked';
  if (!open(own) && !open(theirs)) return own.f.state === 'declined' ? 'declined' : 'cancelled';
  const same = own.f.planned_at === theirs.f.planned_at && own.f.purpose === theirs.f.purpose;
  if (open(own) && open(theirs)) return same ? 'agreed' : own.f.state === theirs.f.state ? 'differ' : own.f.state === 'agreed' ? 'asks' : 'asked';
  if (open(theirs)) return own.f.state === 'cancelled' ? 'cancelled' : same ? 'declined' : 'asks'; // a "no" is about the time that it was said to
  return theirs.f.state === 'cancelled' ? 'called_off' : same ? 'turned_down' : 'asked';
}

/** Whether the other side waits for an answer about a time that is still to come. */
export const waitsForUs = (pair: Pair, now: number): boolean => {
  const stand = standOf(pair);
  return ((stand === 'asks' || stand === 'differ') && Math.max(pair.theirs!.f.planned_at, timeOf(pair)) > now) || (stand === 'called_off' && timeOf(pair) > now);
};

/** The id of the answer to a proposal: one for a side, however many colleagues answer. */
export const answerTo = (proposal: string) => `${proposal}-a`;

// A person's day. Pure.
import { atHour, dayKey } from './when';
import type { Outcome } from '../../schema.gen';
import type { Rec } from '../../core/api';

const outcomeOf = (contact: Rec): Outcome | null => contact.f.outcome ?? null;

/** My day, in the order I will walk it. */
export interface Day {
  next?: Rec;
  later: Rec[];
  left: Rec[]; // planned on an earlier day, without an answer
  done: Rec[];
  cancelled: Rec[];
  total: number; // planned for today and not cancelled, done or not
  coming?: Rec; // the first one after today
}

/** Sorts a person's contacts into the day that holds `at`. Pure. */
export function dayFor(contacts: Rec[], self: string, at: number): Day {
  const today = dayKey(at);
  const mine = contacts
    .filter((c) => (c.f.people ?? []).includes(self) || outcomeOf(c)?.by === self)
    .sort((a, b) => (a.f.planned_at ?? 0) - (b.f.planned_at ?? 0));
  const on = (ms: unknown) => typeof ms === 'number' && dayKey(ms) === today;
  const open = mine.filter((c) => !outcomeOf(c) && !c.f.cancelled && c.f.planned_at);
  const due = open.filter((c) => on(c.f.planned_at));
  const done = mine
    .filter((c) => outcomeOf(c) && (on(outcomeOf(c)!.at) || on(c.f.planned_at)))
    .sort((a, b) => outcomeOf(a)!.at - outcomeOf(b)!.at);
  return {
    next: due[0],
    later: due.slice(1),
    left: open.filter((c) => c.f.planned_at < atHour(at, 0, 0)),
    done,
    cancelled: mine.filter((c) => c.f.cancelled && !outcomeOf(c) && on(c.f.planned_at)),
    total: due.length + done.length,
    coming: open.find((c) => c.f.planned_at >= atHour(at, 1, 0)),
  };
}

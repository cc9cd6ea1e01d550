// When to try again: at an hour that has not been tried. Pure.
import { atHour, dayKey, hourOf, isWeekend } from './when';

export interface Attempt {
  at: number;
}
export interface Suggestion {
  at: number;
  because: 'evening' | 'before_school' | 'morning' | 'weekend' | 'other_day';
  days: number; // earlier attempts in the daytime, for the sentence
}
export interface Around {
  children: boolean;
  eviction?: number; // ms; nothing is suggested after it
}

/**
 * Up to two times, the most promising first. An evening when nobody came in the
 * evening, a morning when nobody came in the morning, then a Saturday, else
 * another weekday at an hour between.
 */
export function suggestions(tried: Attempt[], now: number, around: Around): Suggestion[] {
  const evening = tried.some((a) => hourOf(a.at) >= 17);
  const morning = tried.some((a) => hourOf(a.at) < 9);
  const weekend = tried.some((a) => isWeekend(a.at));
  const days = tried.filter((a) => hourOf(a.at) >= 9 && hourOf(a.at) < 17).length;
  const found: Suggestion[] = [];
  if (!evening) found.push({ at: atHour(now, weekday(now, 1), 17, 30), because: 'evening', days });
  if (!morning) found.push({ at: atHour(now, weekday(now, found.length + 1), 8), because: around.children ? 'before_school' : 'morning', days });
  if (!weekend) found.push({ at: atHour(now, saturday(now), 11), because: 'weekend', days });
  found.push({ at: atHour(now, weekday(now, 2), 17, 30), because: 'other_day', days });
  const inTime = found.filter((s) => !around.eviction || s.at < around.eviction);
  return inTime.filter((s, i) => inTime.findIndex((o) => dayKey(o.at) === dayKey(s.at)) === i).slice(0, 2);
}

/** Days from now to the nth weekday after today. */
function weekday(now: number, nth: number): number {
  let days = 0;
  for (let left = nth; left > 0; ) if (!isWeekend(atHour(now, ++days, 12))) left--;
  return days;
}

const saturday = (now: number) => ((6 - new Date(now).getDay() + 7) % 7 || 7);

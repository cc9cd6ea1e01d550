// Times of a day of visits: from a start in even steps. Minutes since midnight.

const lastMinute = 23 * 60 + 45;

/** n times from the start; those that would pass midnight stay on the day. */
export const spread = (start: number, step: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.min(start + i * step, lastMinute));

/** The next full half-hour, at 9 at the earliest; 9 when n visits would end too late. */
export function startFor(minuteNow: number, step: number, n: number, isToday: boolean): number {
  const morning = 9 * 60;
  if (!isToday) return morning;
  const next = Math.max(morning, Math.ceil((minuteNow + 1) / 30) * 30);
  return next + Math.max(0, n - 1) * step > 20 * 60 ? morning : next;
}

/** "14:30" */
export const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Minutes of what <input type="time"> gives; null while it is empty. */
export function minutesOf(clock: string): number | null {
  const found = /^(\d{1,2}):(\d{2})/.exec(clock);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

/** The instant of a local day ("2026-11-24") and minutes since midnight. */
export function instant(day: string, minutes: number): number | null {
  const [y, m, d] = day.split('-').map(Number);
  const at = new Date(y, m - 1, d, Math.floor(minutes / 60), minutes % 60).getTime();
  return Number.isNaN(at) ? null : at;
}

// Hours of days, in the phone's own time zone.
export { clock as clockOf, daysBetween, longDay as dayOf, shortDay as shortDayOf } from '../../ui/time';

/** "2026-11-18": the local day, as records keep days. */
export function dayKey(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

const two = (n: number) => String(n).padStart(2, '0');

/** The instant of an hour on the local day that lies `days` after ms. */
export function atHour(ms: number, days: number, hour: number, minute = 0): number {
  const d = new Date(ms);
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + days, hour, minute).getTime();
}

export const hourOf = (ms: number) => new Date(ms).getHours();
export const isWeekend = (ms: number) => [0, 6].includes(new Date(ms).getDay());

export const capital = (s: string) => s.charAt(0).toLocaleUpperCase() + s.slice(1);
export const lower = (s: string) => s.charAt(0).toLocaleLowerCase() + s.slice(1);

/** What <input type="datetime-local"> wants, and gives back; null for an unfinished one. */
export const toInput = (ms: number) => `${dayKey(ms)}T${two(hourOf(ms))}:${two(new Date(ms).getMinutes())}`;
export const fromInput = (value: string): number | null => {
  const ms = new Date(value).getTime();
  return Number.isNaN(ms) ? null : ms;
};

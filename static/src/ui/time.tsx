// Days and times as people say them, in the phone's own time zone.
import { signal } from '@preact/signals-core';
import { lang, t } from '../text';

const tick = signal(Date.now());
if (typeof document !== 'undefined') {
  setInterval(() => document.visibilityState === 'visible' && (tick.value = Date.now()), 20_000);
  document.addEventListener('visibilitychange', () => (tick.value = Date.now()));
}

/** The time, to a third of a minute. Reactive: what reads it is drawn again. */
export const now = (): number => tick.value;

const kept = new Map<string, Intl.DateTimeFormat>();
function format(ms: number, options: Intl.DateTimeFormatOptions): string {
  const locale = lang() === 'sv' ? 'sv-SE' : 'en-GB';
  const key = locale + JSON.stringify(options);
  let found = kept.get(key);
  if (!found) kept.set(key, (found = new Intl.DateTimeFormat(locale, options)));
  return found.format(ms).replace(/\./g, '').replace(',', '');
}

const midnight = (ms: number) => new Date(ms).setHours(12, 0, 0, 0);

/** Whole local days from one instant to another; negative when it is past. */
export const daysBetween = (from: number, to: number): number => Math.round((midnight(to) - midnight(from)) / 86_400_000);

const two = (n: number): string => String(n).padStart(2, '0');

/** "14:02", in both languages. Not by Intl: a long list has many, and phones are slow at it. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}
/** "18 nov" */
export const shortDay = (ms: number): string => format(ms, { day: 'numeric', month: 'short' });
/** "onsdag 18 november" */
export const longDay = (ms: number): string => format(ms, { weekday: 'long', day: 'numeric', month: 'long' });
/** "18 november 2026" */
export const fullDay = (ms: number): string => format(ms, { day: 'numeric', month: 'long', year: 'numeric' });

/** Has the phone read its names of days and months before somebody waits for them. */
export const warmTimes = (): void => void [longDay, shortDay].forEach((as) => as(Date.now()));

/** "I dag", "I morgon", "I går" or "tisdag 24 november". */
export function dayName(ms: number): string {
  const days = daysBetween(now(), ms);
  if (days === 0) return t('day.today');
  if (days === 1) return t('day.tomorrow');
  return days === -1 ? t('day.yesterday') : longDay(ms);
}

/** "14:02" when it is today, "18 nov 14:02" otherwise. */
export const moment = (ms: number): string => (daysBetween(now(), ms) === 0 ? clock(ms) : `${shortDay(ms)} ${clock(ms)}`);

/** A <time>, in one of the forms above. */
export function Time({ at, as = moment, class: css }: { at: number; as?: (ms: number) => string; class?: string }) {
  return <time dateTime={new Date(at).toISOString()} class={css}>{as(at)}</time>;
}

/** Öre as "14 960 kr"; öre are shown only when there are any. */
export function money(ore: number): string {
  const whole = ore % 100 === 0;
  const digits = new Intl.NumberFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 });
  return `${digits.format(ore / 100)} kr`;
}

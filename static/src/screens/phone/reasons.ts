// The reasons of a priority as words one can read aloud.
import { clock, daysBetween, has, longDay, n, now, t } from '../../ui';
import type { Rec } from '../../core/api';

export interface Reason {
  id: string;
  icon: string;
  text: string;
  soon?: boolean;
}

interface Given {
  id: string;
  date?: string; // the day it is about
  n?: number; // how many
}

/** Reasons in the order of the method, the one about a date first. Unknown ids are left out. */
export function reasonsOf(kase?: Rec): Reason[] {
  const given = (Array.isArray(kase?.f.priority) ? kase.f.priority : []) as Given[];
  const found = given.map((g) => reason(g, kase!)).filter((r): r is Reason => r !== null);
  return found.sort((a, b) => Number(b.soon ?? false) - Number(a.soon ?? false));
}

const icons: Record<string, string> = {
  children: 'child', young: 'user', older: 'user', first_time_late: 'clock', newly_moved_in: 'key', disability: 'heart',
};

/** Ids are those of the method's table (internal/method/profiles). */
function reason(g: Given, kase: Rec): Reason | null {
  if (g.id === 'eviction_near') return eviction(kase, g);
  if (g.id === 'unreached') return { id: g.id, icon: 'door', text: n('phone.reason.unreached', g.n ?? Number(kase.f.attempts) ?? 1) };
  if ((g.id === 'young' || g.id === 'older') && g.n) return { id: g.id, icon: 'user', text: t('phone.reason.age', { n: g.n }) };
  const key = `phone.reason.${g.id}`;
  return g.id in icons && has(key) ? { id: g.id, icon: icons[g.id], text: t(key) } : null;
}

function eviction(kase: Rec, g: Given): Reason | null {
  const at = kase.f.eviction_at ?? (g.date ? new Date(`${g.date}T12:00`).getTime() : NaN);
  const days = daysBetween(now(), at);
  return days >= 0 ? { id: g.id, icon: 'calendar', soon: true, text: evictionIn(days) } : null;
}

const evictionIn = (days: number) =>
  days === 0 ? t('phone.reason.eviction_today') : days === 1 ? t('phone.reason.eviction_tomorrow') : t('phone.reason.eviction', { n: days });

/** One or two sentences on why this one comes first; '' when the chips say it all. */
export function whySentence(kase?: Rec): string {
  const ids = reasonsOf(kase).map((r) => r.id);
  const said: string[] = [];
  const at = kase?.f.eviction_at;
  if (typeof at === 'number' && at > now()) said.push(t('phone.why.eviction', { day: longDay(at), time: clock(at) }));
  if (ids.includes('unreached')) said.push(t('phone.why.unreached'));
  if (ids.includes('first_time_late')) said.push(t('phone.why.first_time_late'));
  if (ids.includes('newly_moved_in')) said.push(t('phone.why.newly_moved_in'));
  return said.slice(0, 2).join(' ');
}

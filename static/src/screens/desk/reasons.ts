// Why a case comes early, in words one can read aloud: what visitors may read,
// and after it what only the desk may (debt, health).
import { computed } from '@preact/signals-core';
import { n, now, t } from './env';
import { atHour, dayOf, daysBetween } from '../phone/when';
import type { Rec } from '../../core/api';
import type { Reason as Given } from '../../schema.gen';

export interface Reason {
  id: string;
  icon: string;
  text: string; // on a chip
  long: string; // in the list of why
  soon?: boolean;
}

/** Changes once a day, so that long lists are not worked out anew as the clock ticks. */
const noon = computed(() => atHour(now(), 0, 12));

const icons: Record<string, string> = {
  children: 'child', young: 'user', older: 'user', first_time_late: 'clock',
  newly_moved_in: 'home', unreached: 'door', two_rents: 'receipt', disability: 'heart',
};

/** In the order of the method, a date first. Ids that the app does not know are left out. */
export function reasonsOf(kase: Rec): Reason[] {
  const given = [...list(kase.f.priority), ...list(kase.f.debt_reasons)];
  const found = given.map((g) => reason(g, kase)).filter((r): r is Reason => r !== null);
  return found.sort((a, b) => Number(b.soon ?? false) - Number(a.soon ?? false));
}

const list = (value: unknown): Given[] => (Array.isArray(value) ? (value as Given[]) : []);

function reason(g: Given, kase: Rec): Reason | null {
  if (g.id === 'eviction_near') return eviction(kase, g);
  if (!(g.id in icons)) return null;
  const text = wordsOf(g);
  return { id: g.id, icon: icons[g.id], text, long: text };
}

function wordsOf(g: Given): string {
  if (g.id === 'unreached') return n('desk.reason.unreached', g.n ?? 1);
  if (g.id === 'two_rents') return n('desk.reason.rents', g.n ?? 2);
  return t(`desk.reason.${g.id as 'children' | 'young' | 'older' | 'first_time_late' | 'newly_moved_in' | 'disability'}`);
}

function eviction(kase: Rec, g: Given): Reason | null {
  const at = kase.f.eviction_at ?? (g.date ? new Date(`${g.date}T12:00`).getTime() : NaN);
  const days = daysBetween(noon.value, at);
  if (!Number.isFinite(days) || days < 0) return null;
  const text =
    days === 0 ? t('desk.reason.eviction_today') : days === 1 ? t('desk.reason.eviction_tomorrow') : t('desk.reason.eviction', { n: days });
  return { id: 'eviction_near', icon: 'calendar', soon: true, text, long: t('desk.reason.eviction_long', { day: dayOf(at), when: inDays(days) }) };
}

/** "i dag", "i morgon", "om 6 dagar" */
export const inDays = (days: number): string =>
  days === 0 ? t('desk.in.today') : days === 1 ? t('desk.in.tomorrow') : t('desk.in.days', { n: days });

// What a notice needs, and what it becomes: a household, a person, a case and the notice itself.
import { session, t } from './env';
import { files, today } from './files';
import { fold } from './find';
import { instant, minutesOf } from './spread';
import { checkPersonalNumber } from '../phone/personal_number';
import type { Change, Rec } from '../../core/api';

export const abouts = ['eviction', 'arrears', 'neglect', 'subletting', 'disturbance', 'repeated_late'] as const;
export const senders = ['authority', 'landlord', 'collector', 'health_care', 'police', 'person', 'relatives', 'other'] as const;
export const channels = ['post', 'email', 'fax', 'phone', 'unit', 'visit'] as const;

export interface Answers {
  about: string;
  reason: string; // why the eviction; a notice of another kind says it itself
  sender: string;
  channel: string;
  received: string;
  evictionDay: string;
  evictionTime: string;
  name: string;
  number: string;
  street: string;
  postcode: string;
  city: string;
  floor: string;
  children: boolean | null; // nobody guesses: it is asked
  unit: string;
}

/** What is wrong with a field, in a sentence that says what to do. */
export type NoticeState = Partial<Record<keyof Answers, string>>;

export const start = (): Answers => ({
  about: 'eviction', reason: 'not_told', sender: 'authority', channel: 'post', received: today(), evictionDay: '', evictionTime: '09:00',
  name: '', number: '', street: '', postcode: '', city: '', floor: '', children: null, unit: session().person.units[0] ?? '',
});

/** An open case that we have already, by name and street. */
export function known(a: Answers): Rec | undefined {
  const [name, street] = [fold(a.name), fold(a.street)];
  if (!name || !street) return undefined;
  const same = files().filter((f) => fold(f.household?.f.street ?? '') === street && f.tenants.some((p) => fold(p.f.name ?? '') === name));
  return same.find((f) => f.kase.f.status === 'open')?.kase;
}

export interface Read {
  wrong: NoticeState;
  notice: Record<string, unknown> | null; // without what it belongs to
  /** The changes that begin a new file, in the order they depend on each other. */
  begin(household: string, kase: string, person: string): Change[];
}

export function readNotice(a: Answers): Read {
  const wrong: NoticeState = {};
  const evictionAt = a.about === 'eviction' ? eviction(a, wrong) : null;
  if (!a.name.trim()) wrong.name = t('desk.notice.no_name');
  if (!a.street.trim()) wrong.street = t('desk.notice.no_street');
  if (a.postcode.trim() && !/^\d{3}\s?\d{2}$/.test(a.postcode.trim())) wrong.postcode = t('desk.notice.bad_postcode');
  if (a.children === null) wrong.children = t('desk.notice.no_children');
  if (!a.received) wrong.received = t('desk.notice.no_day');
  else if (a.received > today()) wrong.received = t('desk.notice.future');
  const checked = a.number.trim() ? checkPersonalNumber(a.number) : null;
  if (checked && !checked.ok) wrong.number = checked.sentence;
  const right = Object.keys(wrong).length === 0;
  return {
    wrong,
    notice: right ? {
      unit: a.unit, about: a.about, sender: a.sender, channel: a.channel, received: a.received, children: a.children,
      ...(evictionAt && { eviction_at: evictionAt }),
    } : null,
    begin: (household, kase, person) => begin(a, { household, kase, person }, checked?.ok ? checked.number : ''),
  };
}

/** Day and time of the eviction; it lies ahead, or the notice is about something that has been. */
function eviction(a: Answers, wrong: NoticeState): number | null {
  const minutes = minutesOf(a.evictionTime);
  if (!a.evictionDay) wrong.evictionDay = t('desk.notice.no_eviction_day');
  else if (a.evictionDay < today()) wrong.evictionDay = t('desk.notice.past_eviction');
  if (minutes === null) wrong.evictionTime = t('desk.notice.no_eviction_time');
  return a.evictionDay && minutes !== null ? instant(a.evictionDay, minutes) : null;
}

function begin(a: Answers, id: { household: string; kase: string; person: string }, number: string): Change[] {
  const place = Object.fromEntries((['street', 'postcode', 'city', 'floor'] as const).map((f) => [f, a[f].trim()]).filter(([, v]) => v));
  return [
    { kind: 'household', record: id.household, fields: { ...place, children: a.children } },
    { kind: 'person', record: id.person, fields: { household: id.household, name: a.name.trim(), position: 'tenant', ...(number && { personal_number: number }) } },
    { kind: 'case', record: id.kase, fields: { household: id.household, unit: a.unit, reason: a.about === 'eviction' ? a.reason : a.about, status: 'open', opened: today() } },
  ];
}

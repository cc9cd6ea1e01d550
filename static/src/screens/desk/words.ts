// Small sentences that several desk screens share.
import { core, lang, me, now, session, t } from './env';
import { clockOf, dayKey, daysBetween, shortDayOf, capital } from '../phone/when';
import { deskRoles } from './roles';
import { firstNameOf, list, nameOf } from '../phone/contacts';
import type { Rec } from '../../core/api';

/** "november", from "2026-11" */
export function monthName(month: string): string {
  const [y, m] = month.split('-').map(Number);
  return new Intl.DateTimeFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { month: 'long' }).format(new Date(y, m - 1, 15));
}

/** The month that a rent falling due on the day is for: due on the last weekday before it. */
export function monthOfDue(due: string): string {
  const [y, m, d] = due.split('-').map(Number);
  return dayKey(new Date(y, d > 15 ? m : m - 1, 15).getTime()).slice(0, 7);
}

/** "I dag", "I morgon", "I går", else "24 nov" */
export function dayWord(ms: number): string {
  const days = daysBetween(now(), ms);
  if (days === 0) return t('desk.day.today');
  if (days === 1) return t('desk.day.tomorrow');
  if (days === -1) return t('desk.day.yesterday');
  return shortDayOf(ms);
}

/** "18 nov 07:10" */
export const dayAndClock = (ms: number): string => `${shortDayOf(ms)} ${clockOf(ms)}`;

/** "i dag 14:30", "24 nov 14:30": inside a sentence */
export const whenWord = (ms: number): string => `${lower(dayWord(ms))} ${clockOf(ms)}`;
const lower = (s: string) => s.charAt(0).toLocaleLowerCase() + s.slice(1);

/** "Hembesök", "Samtal", "Ring igen" … what a contact is called. */
export function contactWord(contact: Rec): string {
  const { form, purpose } = contact.f;
  if (form === 'visit') return t(`desk.purpose.${(purpose ?? 'home_visit') as 'home_visit'}`);
  if (form === 'call' || form === 'call_back') return t(`desk.form.${form as 'call'}`);
  return t('desk.form.unplanned');
}

/** "Kim och Jonna": those who go, by first name. */
export const goers = (contact: Rec): string => list(((contact.f.people ?? []) as string[]).map(firstNameOf));

/** "du" or the name. */
export const who = (id: string): string => (id === me() ? t('desk.you') : nameOf(id));

/** Colleagues in one of the roles who share a unit with the case, by name. */
export function colleagues(roles: string[], unit?: string): Rec[] {
  return core.list('colleague').value
    .filter((c) => c.f.active !== false && roles.includes(c.f.role) && (!unit || (c.f.units ?? []).includes(unit)))
    .sort((a, b) => String(a.f.name).localeCompare(String(b.f.name), 'sv'));
}

/** Those at a desk in one's own organisation, managers first: who can decide something. */
export const deskColleagues = (): Rec[] => {
  const manages = (c: Rec) => Number(String(c.f.role).endsWith('_manager'));
  return colleagues(deskRoles[session().org.kind]).sort((a, b) => manages(b) - manages(a));
};

function seers(unit: string | undefined, along: string[]): string {
  const desk = colleagues(deskRoles[session().org.kind], unit).map((c) => c.id);
  const ids = [...new Set([...along, ...desk])].filter((id) => id !== me());
  return list([t('desk.sees.you'), ...ids.map(nameOf)]);
}

/** "du, Karin Öst och Tove Malm": who in one's own organisation sees a case of the unit at a desk. */
export const peopleHere = (unit: string | undefined): string => seers(unit, []);

/** Who sees what is written here: names first, then who does not. */
export function whoSees(unit: string | undefined, along: string[] = []): string {
  const people = seers(unit, along);
  if (isSocial()) return t('desk.sees.social', { people });
  return t(along.length > 0 ? 'desk.sees.landlord_visit' : 'desk.sees.landlord', { people });
}

/** Who sees what visitors need as well: the way in, the telephone, how a visit went. */
export function whoSeesFile(unit: string | undefined): string {
  return isSocial() ? whoSees(unit) : t('desk.sees.landlord_file', { people: seers(unit, []) });
}

export const isSocial = () => session().org.kind === 'social_services';
/** Managers and administrators read; they plan and write nothing. */
export const writes = () => ['coordinator', 'collections', 'social_worker', 'child_worker'].includes(session().person.role);
/** Who is shown who has read a file (access.md: log). */
export const seesLog = () => ['landlord_manager', 'social_manager'].includes(session().person.role);
/** Who reads the month's list (access.md: monthly). */
export const seesMonthly = () => deskRoles[session().org.kind].includes(session().person.role);
/** Somebody in a household; where the identity is protected, what they are there. */
export const personName = (p: Rec): string => p.f.name || t(`desk.position.${(p.f.position ?? 'adult') as 'tenant'}`);

/** Who took a consent back and who heard it. */
export const toldText = ({ f }: Rec): string => [f.name && t('desk.log.told', { who: f.name }), f.heard && t('desk.log.heard', { who: f.heard })].filter(Boolean).join('. ');

export const unitName = (id: string): string => core.get('unit', id)?.f.name ?? id;
export { capital };

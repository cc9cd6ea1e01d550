// What the screens read out of a contact and the records around it.
import { clock, core, daysBetween, moment, now, shortDay, t } from '../../ui';
import { pairsOf, standOf } from '../../ui/joint';
import { outcomeOf } from './outcomes';
import type { Rec } from '../../core/api';

/** A contact with everything that the phone carries about it. */
export interface Visit {
  contact: Rec;
  household?: Rec;
  kase?: Rec;
  tenants: Rec[]; // tenant first, then co-tenants
}

export function visitOf(contact: Rec): Visit {
  return { contact, ...householdOf(contact.f.household), kase: core.get('case', contact.f.case) };
}

export function householdOf(id: string): { household?: Rec; tenants: Rec[] } {
  const rank = (p: Rec) => ['tenant', 'co_tenant'].indexOf(p.f.position);
  const tenants = core.list('person').value
    .filter((p) => p.f.household === id && rank(p) >= 0)
    .sort((a, b) => rank(a) - rank(b));
  return { household: core.get('household', id), tenants };
}

/** The case of the household that work goes on in: the open one. */
export function caseOf(household: string): Rec | undefined {
  const cases = core.list('case').value.filter((c) => c.f.household === household);
  return cases.find((c) => c.f.status === 'open') ?? cases[0];
}

export const isProtected = (household?: Rec) => household?.f.protected === true;

/** "2 trappor": floors are kept short, "2 tr" or "nb". */
export function floorOf(household?: Rec): string {
  const floor: string = household?.f.floor ?? '';
  const stairs = /^(\d+)\s*tr\.?$/i.exec(floor.trim());
  if (/^nb\.?$/i.test(floor.trim())) return t('phone.floor.ground');
  if (!stairs) return floor;
  return stairs[1] === '1' ? t('phone.floor.one') : t('phone.floor.many', { n: stairs[1] });
}

/** The headline of a list row: the place, or that it is protected. */
export function placeOf(household?: Rec): string {
  if (isProtected(household)) return t('phone.protected');
  if (!household) return t('phone.household_gone');
  return [household.f.street, household.f.floor].filter(Boolean).join(', ');
}

/** "Mirja och Ove Kallbro", and "Mirja Kallbro och Ove Ek" when they do not share a name. */
export function namesOf(tenants: Rec[]): string {
  const names = tenants.map((p) => String(p.f.name ?? '')).filter(Boolean);
  if (names.length !== 2) return list(names);
  const [a, b] = names.map((n) => n.split(' '));
  if (a.length === 2 && b.length === 2 && a[1] === b[1]) return t('phone.and', { a: a[0], b: names[1] });
  return list(names);
}

/** "Kim, Jonna och Alva" */
export function list(words: string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return t('phone.and', { a: words.slice(0, -1).join(', '), b: words[words.length - 1] });
}

export const colleague = (id: string) => core.get('colleague', id);
export const nameOf = (id: string): string => colleague(id)?.f.name ?? t('phone.a_colleague');
export const firstNameOf = (id: string) => nameOf(id).split(' ')[0];
export const initials = (name: string) =>
  name.split(' ').filter(Boolean).map((w) => w[0]).filter((_, i, all) => i === 0 || i === all.length - 1).join('');

/** Those who go along: everyone named on the contact but me. */
export const companions = (contact: Rec, self: string): string[] =>
  ((contact.f.people ?? []) as string[]).filter((p) => p !== self);

/** The newest contacts with the household that got an answer, this one left out. */
export const earlier = (household: string, but: string): Rec[] =>
  core.list('contact').value
    .filter((c) => c.f.household === household && c.id !== but && outcomeOf(c))
    .sort((a, b) => outcomeOf(b)!.at - outcomeOf(a)!.at);

/** Why a visit is not needed, with the time of the list that told so. */
export function cancelledText(contact: Rec): string {
  const why = contact.f.cancelled as { because: string; as_of?: number };
  if (!why.as_of) return t('phone.today.because_other');
  const time = daysBetween(why.as_of, now()) === 0 ? clock(why.as_of) : `${shortDay(why.as_of)} ${clock(why.as_of)}`;
  return t(why.because === 'paid' ? 'phone.today.because_paid' : 'phone.today.because_removed', { time });
}

/** What the visitor has to know of a visit that is made together with the other
 *  organisation, as far as it is seen here; `soon` when the two do not say the same. */
export function jointText(contact: Rec): { text: string; soon: boolean } | null {
  const id = contact.f.appointment as string | undefined;
  const pair = id ? pairsOf(core.list('appointment').value.filter((a) => a.id === id || a.f.answers === id))[0] : undefined;
  if (!pair) return null;
  const org = pair.own?.f.shared_with ?? pair.theirs?.org;
  const other = core.list('room').value.find((r) => r.f.case === contact.f.case && r.f.other_org === org)?.f.other_name as string | undefined;
  if (!other) return null;
  const stand = standOf(pair);
  if (stand === 'called_off') return { text: t('phone.joint.off', { other }), soon: true };
  if (!pair.theirs) return stand === 'asked' ? { text: t('phone.joint.asked', { other }), soon: false } : null;
  if (pair.theirs.f.planned_at !== contact.f.planned_at) return { text: t('phone.joint.differ', { other, when: moment(pair.theirs.f.planned_at) }), soon: true };
  return stand === 'agreed' ? { text: t('phone.joint.with', { other }), soon: false } : null;
}

// The household files as the desk lists them: a case with what is around it.
// Built once per change and kept, so that lists of hundreds cost nothing to filter.
import { computed, type ReadonlySignal } from '@preact/signals-core';
import { core, now } from './env';
import { namesOf, placeOf, isProtected } from '../phone/contacts';
import { outcomeOf } from '../phone/outcomes';
import { dayKey } from '../phone/when';
import { reasonsOf, type Reason } from './reasons';
import { fold } from './find';
import type { Rec } from '../../core/api';

/** One case with its household, its tenants and what comes next. */
export interface File {
  kase: Rec;
  household?: Rec;
  tenants: Rec[]; // tenant first
  names: string;
  place: string;
  hidden: boolean; // protected identity: no name or address in lists
  reasons: Reason[];
  ids: Set<string>; // of the reasons
  next?: Rec; // the next planned contact
  key: string; // what a search looks in, folded
}

const groups = new Map<string, ReadonlySignal<Map<string, Rec[]>>>();

/** Records of a kind by the value of one of their fields. */
export function grouped(kind: string, field: string): Map<string, Rec[]> {
  const name = `${kind}.${field}`;
  let found = groups.get(name);
  if (!found) {
    found = computed(() => {
      const map = new Map<string, Rec[]>();
      for (const rec of core.list(kind).value) {
        const list = map.get(rec.f[field]);
        if (list) list.push(rec);
        else map.set(rec.f[field], [rec]);
      }
      return map;
    });
    groups.set(name, found);
  }
  return found.value;
}

/** Records of a kind that belong to the case. */
export const ofCase = (kind: string, kase: string): Rec[] => grouped(kind, 'case').get(kase) ?? [];

const positions = ['tenant', 'co_tenant', undefined, null, 'adult', 'child'];

/** Everyone in the household, tenants first. */
export const peopleOf = (household: string): Rec[] =>
  [...(grouped('person', 'household').get(household) ?? [])].sort(
    (a, b) => positions.indexOf(a.f.position) - positions.indexOf(b.f.position),
  );

const isTenant = (p: Rec) => p.f.position === 'tenant' || p.f.position === 'co_tenant';

/** Whether the contact is still to come: neither answered nor taken away. */
export const isAhead = (contact: Rec) => !outcomeOf(contact) && !contact.f.cancelled && Boolean(contact.f.planned_at);

/** The next planned contact of a case; one that was left on an earlier day counts as well. */
export function nextOf(kase: string): Rec | undefined {
  return ofCase('contact', kase)
    .filter(isAhead)
    .sort((a, b) => a.f.planned_at - b.f.planned_at)[0];
}

/** A case whose household is carried or not; the same words wherever it is shown. */
export function fileOf(kase: Rec): File {
  const household = core.get('household', kase.f.household);
  const people = peopleOf(kase.f.household);
  const tenants = people.filter(isTenant);
  const hidden = isProtected(household);
  const names = namesOf(tenants.length > 0 ? tenants : people.slice(0, 1));
  const place = placeOf(household);
  const reasons = reasonsOf(kase);
  return {
    kase, household, tenants, names, place, hidden, reasons,
    ids: new Set(reasons.map((r) => r.id)),
    next: nextOf(kase.id),
    key: hidden ? '' : fold(`${names} ${household?.f.street ?? ''} ${household?.f.postcode ?? ''} ${household?.f.city ?? ''}`),
  };
}

const unranked = Number.MAX_SAFE_INTEGER;
const rankOf = (f: File) => (typeof f.kase.f.rank === 'number' ? f.kase.f.rank : unranked);

const all = computed(() =>
  core.list('case').value.map(fileOf).sort((a, b) => rankOf(a) - rankOf(b) || a.names.localeCompare(b.names, 'sv')),
);

/** Every case that this person carries, those who come first first. */
export const files = () => all.value;
export const openFiles = () => all.value.filter((f) => f.kase.f.status !== 'closed');
export const closedFiles = () =>
  all.value.filter((f) => f.kase.f.status === 'closed').sort((a, b) => String(b.kase.f.closed ?? '').localeCompare(String(a.kase.f.closed ?? '')));

/** Contacts planned for the day, or answered on it, in the order of time. */
export function contactsOn(day: string): Rec[] {
  const at = (c: Rec): number => c.f.planned_at ?? outcomeOf(c)?.at ?? 0;
  return core.list('contact').value.filter((c) => at(c) > 0 && dayKey(at(c)) === day).sort((a, b) => at(a) - at(b));
}

export const today = () => dayKey(now());

/** Open conflicts about anything in the household. */
export function conflictsOf(household: string): Rec[] {
  const ids = new Set([household]);
  for (const kind of ['case', 'contact', 'person', 'eviction', 'consent_mark'])
    for (const rec of grouped(kind, 'household').get(household) ?? []) ids.add(rec.id);
  return core.list('conflict').value.filter((c) => ids.has(c.f.record));
}

/** The open conflict about a record, if there is one. */
export const conflictOn = (record: string): Rec | undefined =>
  (grouped('conflict', 'record').get(record) ?? []).find((c) => c.f.state === 'open');

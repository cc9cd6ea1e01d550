// A conflict in words: who wrote what, and what the field is called.
import { clock, core, has, longDay, me, session, t } from '../../ui';
import { firstNameOf, list } from './contacts';
import { valuesOf } from './kept_both';
import { isCall, outcomeText } from './outcomes';
import type { ConflictVersion } from '../../schema.gen';
import type { Rec } from '../../core/api';

export const versionsOf = (conflict: Rec): ConflictVersion[] => conflict.f.versions ?? [];
export const open = (conflict: Rec) => conflict.f.state === 'open' && !conflict.f.choice;

/** Every value of such a field, as it stands now. */
export const bothOf = (rec: Rec | undefined, field: string) => valuesOf(rec, field, core.list('conflict').value);

/** A number to ring: the first tenant's who has one. */
export const numberOf = (tenants: Rec[]): string | undefined => tenants.flatMap((p) => bothOf(p, 'phone').all).find((phone) => phone.v)?.v;

/** Whether this role may choose; the server decides it, by who may write the field (access.md). */
export function maySettle(conflict: Rec): boolean {
  const { role } = session().person;
  if (role === 'caretaker') return ['contact', 'person'].includes(conflict.f.kind);
  return !role.endsWith('_manager');
}

/** Mine when I wrote one of the versions, am on the contact, or answer for the plan. */
export function concernsMe(conflict: Rec): boolean {
  if (versionsOf(conflict).some((v) => v.by === me())) return true;
  if (session().person.role !== 'caretaker') return true;
  return (targetOf(conflict)?.f.people ?? []).includes(me());
}

export const targetOf = (conflict: Rec): Rec | undefined => core.get(conflict.f.kind, conflict.f.record);

/** "Du och Jonna svarade olika" */
export function conflictTitle(conflict: Rec): string {
  const people = [...new Set(versionsOf(conflict).map((v) => v.by))].sort((a, b) => Number(b === me()) - Number(a === me()));
  const names = people.map((p) => (p === me() ? t('phone.you_start') : firstNameOf(p)));
  const outcome = conflict.f.field === 'outcome';
  if (people.length < 2) return t(outcome ? 'phone.conflict.title' : 'phone.conflict.title_field') + fieldOf(conflict);
  return t(outcome ? 'phone.conflict.differ' : 'phone.conflict.differ_field', { names: list(names) }) + fieldOf(conflict);
}

/** ": portkod", where the field has a name of its own. */
export function fieldOf(conflict: Rec): string {
  const key = `phone.conflict.of.${conflict.f.field}`;
  return has(key) ? `: ${t(key)}` : '';
}

/** The value of a version as one reads it. */
export function valueText(conflict: Rec, v: unknown): string {
  const target = targetOf(conflict);
  if (conflict.f.field === 'outcome') return outcomeText(v as never, target ? isCall(target) : false);
  if (v === null || v === undefined || v === '') return t('phone.conflict.empty');
  if (typeof v === 'boolean') return t(v ? 'phone.yes' : 'phone.no');
  if (typeof v === 'number' && conflict.f.field.endsWith('_at')) return `${longDay(v)} ${clock(v)}`;
  if (typeof v === 'object') return Object.values(v as object).filter((x) => typeof x === 'string').join(', ');
  return String(v);
}

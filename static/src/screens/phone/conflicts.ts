// A conflict in words: who wrote what, and what the field is called.
import { clock, core, longDay, me, session, t } from '../../ui';
import { firstNameOf, list } from './contacts';
import { isCall, outcomeText } from './outcomes';
import type { ConflictVersion } from '../../schema.gen';
import type { Rec } from '../../core/api';

export const versionsOf = (conflict: Rec): ConflictVersion[] => conflict.f.versions ?? [];
export const open = (conflict: Rec) => conflict.f.state === 'open' && !conflict.f.choice;

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
  if (people.length < 2) return t(outcome ? 'phone.conflict.title' : 'phone.conflict.title_field');
  return t(outcome ? 'phone.conflict.differ' : 'phone.conflict.differ_field', { names: list(names) });
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

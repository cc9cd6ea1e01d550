// What a tenant has answered so far, checked and made into commits. It is kept as
// a draft while it is filled in, so that a dead battery costs nobody a second reading.
import { core, me, newId, now, session, t } from '../../ui';
import { agreement } from './parts';
import { checkPersonalNumber } from './personal_number';
import { thin, type Strokes } from './strokes';
import { dayKey } from './when';
import { companions, list, nameOf } from './contacts';
import type { Change, Rec } from '../../core/api';

export const partners = ['landlord', 'employment', 'care', 'primary_care', 'psychiatry', 'relatives', 'other'] as const;
export type Partner = (typeof partners)[number];
export const ways = ['drawn', 'typed', 'oral', 'paper'] as const;
export type Way = (typeof ways)[number];

export interface Signer {
  name: string;
  number: string; // as typed
  noNumber: boolean; // has no Swedish number
  how: Way;
  strokes: Strokes;
}

export interface ConsentForm {
  step: 1 | 2 | 3;
  partners: Partner[]; // nothing in advance
  other: string;
  signers: Signer[]; // one or two
  witness: string; // who heard, or where the paper lies
}

export const emptySigner = (name = ''): Signer => ({ name, number: '', noNumber: false, how: 'drawn', strokes: [] });

export const emptyForm = (tenants: Rec[]): ConsentForm => ({
  step: 1, partners: [], other: '', signers: [emptySigner(tenants[0]?.f.name ?? '')], witness: '',
});

/** From the draft; an unreadable one starts over. */
export function readForm(text: string, tenants: Rec[]): ConsentForm {
  try {
    return text ? { ...emptyForm(tenants), ...(JSON.parse(text) as ConsentForm) } : emptyForm(tenants);
  } catch {
    return emptyForm(tenants);
  }
}

/** What is wrong, by the id of its field, in the order of the screen. */
export type Wrong = Record<string, string>;

export function wrongWithPartners(f: ConsentForm): Wrong {
  if (f.partners.length === 0) return { partners: t('consent.wrong.partners') };
  return f.partners.includes('other') && !f.other.trim() ? { other: t('consent.wrong.other') } : {};
}

export function wrongWithSigning(f: ConsentForm): Wrong {
  const wrong: Wrong = {};
  f.signers.forEach((s, i) => {
    if (!s.name.trim()) wrong[`name-${i}`] = t('consent.wrong.name');
    if (!s.noNumber) Object.assign(wrong, wrongNumber(`number-${i}`, s.number));
    if (s.how === 'drawn' && s.strokes.length === 0) wrong[`pad-${i}`] = t('consent.wrong.drawn');
  });
  if (f.signers.some((s) => s.how === 'oral' || s.how === 'paper') && !f.witness.trim()) wrong.witness = t(oral(f) ? 'consent.wrong.heard' : 'consent.wrong.paper');
  return wrong;
}

function wrongNumber(id: string, typed: string): Wrong {
  if (typed.trim() === '') return { [id]: t('consent.number.missing') };
  const number = checkPersonalNumber(typed);
  return number.ok ? {} : { [id]: number.sentence };
}

export const oral = (f: ConsentForm) => f.signers.some((s) => s.how === 'oral');

/** "Kim Strandvik och Jonna Ekered, Sjöbergahem" */
export const collectors = (contact: Rec): string =>
  `${list([session().person.name, ...companions(contact, me()).map(nameOf)])}, ${session().org.name}`;

const crosses = () => session().org.kind === 'landlord';

/** The consent itself: belongs to social services, whoever collects it. One commit. */
export function givingChanges(f: ConsentForm, answer: 'given' | 'declined', contact: Rec, handle: string, copies?: string[]): Change[] {
  const agreed = agreement()!.f;
  const org = crosses() ? { org: agreed.social_org as string } : {};
  const { id, version, language, hash } = agreed.wording;
  const at = now();
  const giving: Record<string, unknown> = {
    unit: agreed.unit, handle, landlord_org: agreed.landlord_org, answer, wording: { id, version, language, hash },
    partners: answer === 'given' ? f.partners : [], place: agreed.place ?? '', day: dayKey(at), collected_by: collectors(contact),
  };
  if (answer === 'given' && f.partners.includes('other')) giving.other_partner = f.other.trim();
  // Who was there when a name was typed is the one who holds the phone out.
  const witness = f.witness.trim() || (f.signers.some((s) => s.how === 'typed') ? session().person.name : '');
  if (answer === 'given' && witness) giving.witness = witness;
  const knew = latestNo(contact.f.case);
  if (knew) giving.knew_withdrawal = knew;
  const record = newId();
  const signers = answer === 'given' ? f.signers : [];
  return [
    { kind: 'giving', record, fields: giving, ...org },
    ...signers.map((s): Change => ({ kind: 'signature', record: newId(), fields: { ...signature(s, record, at), ...(copies && { copies }) }, ...org })),
  ];
}

/** The giving that the tenant's latest no in the case was, as far as this phone knows. */
const latestNo = (caseId: string): string | undefined =>
  core.list('consent_mark').value.filter((m) => m.f.case === caseId && m.f.answer === 'declined').sort((a, b) => b.f.at - a.f.at)[0]?.f.giving;

function signature(s: Signer, giving: string, at: number): Record<string, unknown> {
  const fields: Record<string, unknown> = { giving, how: s.how, name: s.name.trim(), at };
  const number = checkPersonalNumber(s.number);
  if (!s.noNumber && number.ok) fields.personal_number = number.number;
  if (s.how === 'drawn') fields.strokes = thin(s.strokes);
  return fields;
}

/** All that a landlord keeps: that it was answered, and its own tick. A commit of its own. */
export function markChanges(f: ConsentForm, answer: 'given' | 'declined', contact: Rec, handle: string, giving: string): Change[] {
  const tick: Change = { kind: 'contact', record: contact.id, fields: { tick_consent: true } };
  if (!crosses()) return [tick];
  const mark: Change = {
    kind: 'consent_mark', record: newId(),
    fields: {
      household: contact.f.household, case: contact.f.case, contact: contact.id, answer,
      landlord: answer === 'given' && f.partners.includes('landlord'), unit_name: agreement()!.f.unit_name, giving, handle, at: now(), by: me(),
    },
  };
  return [mark, tick];
}

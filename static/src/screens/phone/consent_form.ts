// What a tenant has answered so far, checked and made into commits. It is kept as
// a draft while it is filled in, so that a dead battery costs nobody a second reading.
import { core, me, newId, now, session, t } from '../../ui';
import { latestNo } from './latest_no';
import { agreement } from './parts';
import { checkPersonalNumber } from './personal_number';
import { MaxStrokes, thin, type Strokes } from './strokes';
import { dayKey } from './when';
import { companions, list, nameOf } from './contacts';
import type { Change, Rec } from '../../core/api';
import type { TranslationShown } from '../../schema.gen';

export const partners = ['landlord', 'employment', 'care', 'primary_care', 'psychiatry', 'relatives', 'other'] as const;
export type Partner = (typeof partners)[number];
export const ways = ['drawn', 'typed', 'oral', 'paper'] as const;
export type Way = (typeof ways)[number];

export interface Signer {
  name: string;
  child: string | null; // a row of a child's: its name; null: an adult for themselves
  self: boolean; // the child signs itself, being old enough to
  number: string; // as typed
  noNumber: boolean; // has no Swedish number
  how: Way;
  strokes: Strokes;
}

export interface ConsentForm {
  step: 1 | 2 | 3;
  partners: Partner[]; // nothing in advance
  relatives: string; // by name
  other: string;
  signers: Signer[]; // one or two adults, and rows of children
  witness: string; // who saw the name being typed, or heard the yes
  paper: string; // where it lies
  papers: string[]; // ids of pictures of it that are not saved yet (unsaved_picture.ts)
  tongue: string; // language beside the Swedish text; '': none
  absent: string[]; // colleagues who should have come along and are not here
}

export const mostAdults = 2;
export const mostChildren = 4;
const roomForStrokes = 120_000; // bytes: of all signers together, so that the commit is small enough

export const emptySigner = (name = '', child: string | null = null): Signer => ({ name, child, self: false, number: '', noNumber: false, how: 'drawn', strokes: [] });

export const emptyForm = (tenants: Rec[], tongue = ''): ConsentForm => ({
  step: 1, partners: [], relatives: '', other: '', signers: [emptySigner(tenants[0]?.f.name ?? '')], witness: session().person.name, paper: '', papers: [], tongue, absent: [],
});

export const adultsOf = (f: ConsentForm) => f.signers.filter((s) => s.child === null);
export const childrenOf = (f: ConsentForm) => f.signers.filter((s) => s.child !== null);
/** Who writes their name: a child that signs itself, or the adult. */
export const signerName = (s: Signer): string => (s.child !== null && s.self ? s.child : s.name).trim();

/** From the draft; an unreadable one starts over. */
export function readForm(text: string, tenants: Rec[], tongue = ''): ConsentForm {
  const empty = emptyForm(tenants, tongue);
  try {
    const kept = text ? (JSON.parse(text) as ConsentForm) : empty;
    return { ...empty, ...kept, signers: kept.signers.map((s) => ({ ...emptySigner(), ...s })) };
  } catch {
    return empty;
  }
}

/** What is wrong, by the id of its field, in the order of the screen. */
export type Wrong = Record<string, string>;

export function wrongWithPartners(f: ConsentForm): Wrong {
  if (f.partners.length === 0) return { partners: t('consent.wrong.partners') };
  const wrong: Wrong = {};
  for (const named of ['relatives', 'other'] as const) {
    if (f.partners.includes(named) && !f[named].trim()) wrong[named] = t('consent.wrong.other');
  }
  return wrong;
}

export function wrongWithSigning(f: ConsentForm): Wrong {
  const wrong: Wrong = {};
  f.signers.forEach((s, i) => {
    if (s.child !== null && !s.child.trim()) wrong[`child-${i}`] = t('consent.wrong.child');
    if (!(s.child !== null && s.self) && !s.name.trim()) wrong[`name-${i}`] = t('consent.wrong.name');
    if (s.child === null && !s.noNumber) Object.assign(wrong, wrongNumber(`number-${i}`, s.number));
    if (s.how === 'drawn' && s.strokes.length === 0) wrong[`pad-${i}`] = t('consent.wrong.drawn');
  });
  if (witnessed(f) && !f.witness.trim()) wrong.witness = t(signedBy(f, 'oral') ? 'consent.wrong.heard' : 'consent.wrong.saw');
  if (signedBy(f, 'paper') && !f.paper.trim()) wrong.paper = t('consent.wrong.paper');
  return wrong;
}

function wrongNumber(id: string, typed: string): Wrong {
  if (typed.trim() === '') return { [id]: t('consent.number.missing') };
  const number = checkPersonalNumber(typed);
  return number.ok ? {} : { [id]: number.sentence };
}

export const signedBy = (f: ConsentForm, way: Way) => f.signers.some((s) => s.how === way);
/** Somebody else must say that they saw or heard it. */
export const witnessed = (f: ConsentForm) => signedBy(f, 'typed') || signedBy(f, 'oral');

/** A picture of the paper that was signed, kept on this phone until the server has it. */
export interface PaperPhoto {
  id: string;
  size: number;
  hash: string;
}

/** Who is here: "Kim Strandvik och Jonna Ekered, Sjöbergahem". A plan is no proof that somebody came. */
export const collectors = (f: ConsentForm, contact: Rec): string =>
  `${list([session().person.name, ...companions(contact, me()).filter((p) => !f.absent.includes(p)).map(nameOf)])}, ${session().org.name}`;

const crosses = () => session().org.kind === 'landlord';

/** What a tenant can answer; "asked" is to think about it. */
export type Said = 'given' | 'declined' | 'asked';

/** The consent itself: belongs to social services, whoever collects it. One commit. */
export function givingChanges(f: ConsentForm, answer: Said, contact: Rec, handle: string, shown: TranslationShown | null, copies: string[][] = [], photos: PaperPhoto[] = []): Change[] {
  const agreed = agreement()!.f;
  const org = crosses() ? { org: agreed.social_org as string } : {};
  const { id, version, language, hash } = agreed.wording;
  const at = now();
  const giving: Record<string, unknown> = {
    unit: agreed.unit, handle, landlord_org: agreed.landlord_org, answer, wording: { id, version, language, hash },
    partners: answer === 'given' ? f.partners : [], place: agreed.place ?? '', day: dayKey(at), collected_by: collectors(f, contact),
  };
  if (answer === 'given' && f.partners.includes('relatives')) giving.relatives = f.relatives.trim();
  if (answer === 'given' && f.partners.includes('other')) giving.other_partner = f.other.trim();
  if (shown) giving.translation = shown;
  if (answer === 'given' && witnessed(f)) giving.witness = f.witness.trim();
  if (answer === 'given' && signedBy(f, 'paper')) giving.original = f.paper.trim();
  if (photos.length > 0) giving.photos = photos.map((p) => p.hash);
  const knew = latestNo((kind) => core.list(kind).value, contact.f.case);
  if (knew) giving.knew_withdrawal = knew;
  const record = newId();
  const signers = answer === 'given' ? f.signers : [];
  const strokes = Math.min(MaxStrokes, Math.floor(roomForStrokes / Math.max(1, signers.length)));
  return [
    { kind: 'giving', record, fields: giving, ...org },
    ...signers.map((s, i): Change => ({ kind: 'signature', record: newId(), fields: { ...signature(s, record, at, strokes), ...(copies[i] && { copies: copies[i] }) }, ...org })),
    ...photos.map(({ id, size, hash }): Change => ({ kind: 'paper_photo', record: id, fields: { giving: record, size, hash, at }, ...org })),
  ];
}

function signature(s: Signer, giving: string, at: number, room: number): Record<string, unknown> {
  const fields: Record<string, unknown> = { giving, how: s.how, name: signerName(s), at };
  if (s.child !== null) fields.child = s.child.trim();
  const number = checkPersonalNumber(s.number);
  if (s.child === null && !s.noNumber && number.ok) fields.personal_number = number.number;
  if (s.how === 'drawn') fields.strokes = thin(s.strokes, room);
  return fields;
}

/** All that a landlord keeps: that it was answered, and its own tick. Social services' own
 *  visit says which of their cases it belongs to, so that a no counts there at once; who
 *  signed is for them to say afterwards. A commit of its own. */
export function markChanges(f: ConsentForm, answer: Said, contact: Rec, handle: string, giving: string): Change[] {
  const tick: Change = { kind: 'contact', record: contact.id, fields: { tick_consent: true } };
  if (!crosses()) return [tick, { kind: 'case_link', record: newId(), fields: { of: giving, case: contact.f.case, at: now(), by: me() } }];
  const mark: Change = {
    kind: 'consent_mark', record: newId(),
    fields: {
      household: contact.f.household, case: contact.f.case, contact: contact.id, answer,
      landlord: answer === 'given' && f.partners.includes('landlord'), unit_name: agreement()!.f.unit_name, giving, handle, at: now(), by: me(),
    },
  };
  return [mark, tick];
}

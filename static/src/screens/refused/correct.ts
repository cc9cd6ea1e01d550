// The form in which a refused change is put right: one row for each kind of change. The
// values go into the form's draft, so that nothing is lost on the way there; the refused
// change goes once another one has been written in its place.
import { effect } from '@preact/signals-core';
import { core } from '../../core/current';
import { formOf } from '../../ui/draft';
import { editable } from '../desk/editable';
import { toInput } from '../phone/when';
import type { Item, Rec } from '../../core/api';

type Change = Item['changes'][number];

/** A place to go to. `draft` is what stands in its form then. */
export interface Form {
  to: string;
  draft?: { key: string; text?: string; values?: object }; // text is added to what is there, values lie over it
}

interface Row {
  kind: string;
  when?: (c: Change) => boolean;
  fields?: readonly string[]; // all that the form asks for; without it: whatever a record of the kind can say
  form: (c: Change, all: Change[]) => Form | undefined; // undefined: what it is about is not here
}

const word = (v: unknown): string | undefined => (typeof v === 'string' && v ? v : undefined);
const there = (kind: string, id: unknown): Rec | undefined => (word(id) ? core.get(kind, id as string) : undefined);
const caseAt = (household: unknown): Rec | undefined =>
  core.list('case').value.filter((c) => c.f.household === household).sort((a, b) => Number(a.f.status === 'closed') - Number(b.f.status === 'closed'))[0];
const known = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== null));
const isNew = (c: Change) => !there(c.kind, c.record);

const atVisit = (id: unknown, more: Partial<Form> = {}, under = ''): Form | undefined => there('contact', id) && { to: `/visit/${id as string}${under}`, ...more };
const atCase = (id: unknown, more: Partial<Form> & { form?: string } = {}): Form | undefined =>
  there('case', id) && { to: `/case/${id as string}${more.form ? `?form=${more.form}` : ''}`, draft: more.draft };

const planOf = ({ fields: f }: Change) => known({ form: f.form, when: typeof f.planned_at === 'number' ? toInput(f.planned_at) : undefined, people: f.people, message: f.message });
const moving = ['planned_at', 'moved', 'people', 'message'];
const nobodyHome = (c: Change) => there('contact', c.record)?.f.outcome?.answer === 'nobody_home';
const planned = (c: Change) => 'planned_at' in c.fields || 'people' in c.fields || 'message' in c.fields;
/** The answers of the form that a notice and the file that it begins were made from. */
function noticeOf({ fields: f }: Change, all: Change[]): object {
  const of = (kind: string) => all.find((c) => c.kind === kind)?.fields ?? {};
  const [home, person, kase] = [of('household'), of('person'), of('case')];
  const [evictionDay, evictionTime] = typeof f.eviction_at === 'number' ? toInput(f.eviction_at).split('T') : [];
  const { about, sender, channel, received, children, unit } = f;
  return known({
    about, sender, channel, received, children, unit, evictionDay, evictionTime, reason: about === 'eviction' ? kase.reason : undefined,
    name: person.name, number: person.personal_number, street: home.street, postcode: home.postcode, city: home.city, floor: home.floor,
  });
}
const roomOf = (c: Change) => core.list('room').value.find((r) => r.f.case === c.fields.case && r.f.other_org === c.fields.shared_with);
const sharing = (c: Change): Form | undefined => {
  const room = roomOf(c);
  const { about, word: said, text, concerns } = c.fields;
  return room && { to: `/case/${room.f.case as string}/shared`, draft: { key: `say:${room.id}`, values: known({ about: about ?? said, text, concerns }) } };
};

export const rows: Row[] = [
  { kind: 'note', when: (c) => !!c.fields.contact, form: (c) => atVisit(c.fields.contact, { draft: { key: `note:${c.fields.contact as string}`, text: word(c.fields.text) } }) },
  { kind: 'note', form: (c) => atCase(c.fields.case, { draft: { key: `case-note:${c.fields.case as string}`, text: word(c.fields.text) } }) },
  { kind: 'concern', when: (c) => !!c.fields.contact, form: (c) => atVisit(c.fields.contact, { draft: { key: `concern:${c.fields.contact as string}`, text: word(c.fields.text) } }, '/acute') },
  { kind: 'concern', form: (c) => there('case', c.fields.case) && { to: '/acute', draft: { key: 'concern:new', text: word(c.fields.text) } } },
  { kind: 'contact', when: (c) => isNew(c) && 'outcome' in c.fields && c.fields.form === 'call', form: (c) => there('case', c.fields.case) && { to: `/call/${c.fields.case as string}` } },
  { kind: 'contact', when: (c) => isNew(c) && 'outcome' in c.fields, form: () => ({ to: '/unplanned' }) },
  { kind: 'contact', when: isNew, form: (c) => atCase(c.fields.case, { form: 'plan', draft: { key: `plan:${c.fields.case as string}`, values: planOf(c) } }) },
  { kind: 'contact', when: planned, fields: moving, form: (c) => atCase(there('contact', c.record)?.f.case, { form: `move:${c.record}`, draft: { key: `move:${c.record}`, values: planOf(c) } }) },
  { kind: 'contact', when: (c) => 'cancelled' in c.fields, fields: ['cancelled'], form: (c) => atCase(there('contact', c.record)?.f.case) },
  { kind: 'contact', when: (c) => 'next_at' in c.fields && nobodyHome(c), form: (c) => atVisit(c.record, {}, '/nobody-home') },
  { kind: 'contact', form: (c) => atVisit(c.record) }, // an answer, or a tick
  { kind: 'person', when: (c) => !isNew(c), fields: ['phone', 'email'], form: (c) => atCase(caseAt(there('person', c.record)?.f.household)?.id, { form: `person:${c.record}`, draft: { key: `person:${c.record}`, values: known(c.fields) } }) },
  { kind: 'household', when: (c) => !isNew(c) && 'protected' in c.fields, fields: ['protected'], form: (c) => atCase(caseAt(c.record)?.id, { form: 'protect' }) },
  { kind: 'household', when: (c) => !isNew(c), fields: editable, form: (c) => atCase(caseAt(c.record)?.id, { form: 'household', draft: { key: `household:${c.record}`, values: known(c.fields) } }) },
  { kind: 'case', when: (c) => !isNew(c), fields: ['reason'], form: (c) => atCase(c.record, { form: 'about' }) },
  { kind: 'conflict', form: (c) => there('conflict', c.record) && { to: `/conflict/${c.record}` } },
  { kind: 'found', form: (c) => there('found', c.record) && { to: '/found', draft: { key: `found:${c.record}`, text: word(c.fields.reason) } } },
  { kind: 'alert', form: (c) => atCase(there('alert', c.record)?.f.case) },
  ...['message', 'thread_message', 'thread_word'].map((kind) => ({ kind, form: sharing })),
  { kind: 'appointment', when: isNew, form: (c) => {
    const room = roomOf(c);
    const { purpose, planned_at: at, text, concerns } = c.fields;
    return room && { to: `/case/${room.f.case as string}/propose/${room.id}`, draft: { key: `propose:${room.id}`, values: known({ purpose, when: typeof at === 'number' ? toInput(at) : undefined, text, concerns }) } };
  } },
  { kind: 'appointment', form: (c) => {
    const kase = there('appointment', c.record)?.f.case;
    return there('case', kase) && { to: `/case/${kase as string}/time/${c.record}` };
  } },
  { kind: 'notice', form: (c, all) => ({ to: '/notice/new', draft: { key: 'notice:new', values: noticeOf(c, all) } }) },
  { kind: 'notice_sent', form: (c) => there('case', c.fields.case) && { to: `/case/${c.fields.case as string}/shared` } },
  { kind: 'disclosure', form: (c) => there('case', c.fields.case) && { to: `/case/${c.fields.case as string}/disclose/${c.fields.record as string}` } },
  { kind: 'consent_mark', form: (c) => atVisit(c.fields.contact, {}, '/consent') },
  ...['legal_basis', 'secrecy_change', 'secrecy_approval', 'translation'].map((kind) => ({ kind, form: () => ({ to: '/organisation' }) })),
];

/** What a commit is about when it holds more than one thing, and what its form writes along with it. */
const along: Record<string, string[]> = {
  notice: ['household', 'person', 'case'], disclosure: ['note'], consent_mark: ['contact'], appointment: ['contact'], contact: ['contact'],
};
const leads = ['notice', 'notice_sent', 'disclosure', 'consent_mark'];
const leadOf = (item: Item) => item.changes.find((c) => leads.includes(c.kind)) ?? item.changes[0];

/** Codes that no other words would put right: it is somebody else's now. */
const others = ['not_found', 'not_allowed'];

/** Where the change is put right; undefined where it cannot be, or not all of it: what the
 *  form does not ask for would be lost with the refused change. */
export function formFor(item: Item): Form | undefined {
  const lead = leadOf(item);
  if (!lead || item.step.step !== 'refused' || others.includes(item.step.code ?? '')) return undefined;
  if (item.changes.some((c) => c !== lead && !along[lead.kind]?.includes(c.kind))) return undefined;
  const row = rows.find((r) => r.kind === lead.kind && (r.when?.(lead) ?? true));
  return row && Object.keys(lead.fields).every((name) => row.fields?.includes(name) ?? true) ? row.form(lead, item.changes) : undefined;
}

/** Puts the refused values into the form, and answers where it is. */
export function correct(item: Item): string | undefined {
  const form = formFor(item);
  if (form?.draft) fill(form.draft);
  if (form) leaveWhenAnswered(item);
  return form?.to;
}

function fill({ key, text, values }: NonNullable<Form['draft']>): void {
  const draft = core.draft(key);
  const before = draft.text.peek();
  if (values) draft.set(JSON.stringify({ ...formOf(before, {}), ...values }));
  else if (text && !before.includes(text)) draft.set([before, text].filter(Boolean).join('\n'));
}

/** Takes the refused change away when one like it has been written. Until then, and after
 *  a restart in between, it stays in the tray: removing it there is the person's. */
function leaveWhenAnswered(item: Item): void {
  const before = new Set(core.items.peek().map((i) => i.commit));
  const stop = effect(() => {
    const fresh = core.items.value.find((i) => !before.has(i.commit) && answers(i, item));
    if (!fresh) return;
    queueMicrotask(() => {
      stop();
      void core.undo(item.commit).catch(() => undefined); // on a full phone it stays
    });
  });
}

/** It says all that the refused one said, of the same things: each field is in it, whatever it says there now. */
export const answers = (fresh: Item, refused: Item): boolean =>
  refused.changes.every((r) => fresh.changes.some((c) =>
    c.kind === r.kind && (c.record === r.record || (isNew(r) && about.every((name) => c.fields[name] === r.fields[name]))) && Object.keys(r.fields).every((name) => name in c.fields)));

const about = ['household', 'case', 'contact', 'shared_with'];

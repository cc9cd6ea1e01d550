import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal, type Signal } from '@preact/signals-core';
import { provideCore } from '../../core/current';
import type { Core, Item, Rec } from '../../core/api';
import { toInput } from '../phone/when';
import { answers, correct, formFor, rows } from './correct';

const rec = (kind: string, id: string, f: Record<string, unknown> = {}): Rec => ({ org: 'hem', id, kind, f, n: {}, unsent: false });

/** A core that carries the records, and keeps drafts and what is taken back. */
function withRecords(...records: Rec[]) {
  const drafts = new Map<string, Signal<string>>();
  const items = signal<Item[]>([]);
  const gone: string[] = [];
  const textOf = (key: string) => drafts.get(key) ?? drafts.set(key, signal('')).get(key)!;
  provideCore({
    items,
    get: (kind: string, id: string) => records.find((r) => r.kind === kind && r.id === id),
    list: (kind: string) => signal(records.filter((r) => r.kind === kind)),
    draft: (key: string) => ({ text: textOf(key), set: (text: string) => void (textOf(key).value = text) }),
    undo: async (commit: string) => (gone.push(commit), true),
  } as unknown as Core);
  return { items, gone, draft: (key: string) => textOf(key).peek() ?? '' };
}

const refused = (changes: Item['changes'], code = 'invalid', commit = 'c1'): Item => ({ commit, step: { step: 'refused', at: 1, code }, changes });
const change = (kind: string, fields: Record<string, unknown>, record = 'new') => ({ kind, record, fields });
const at = Date.UTC(2026, 10, 30, 9);
const home = [rec('household', 'h'), rec('case', 'k', { household: 'h', status: 'open' }), rec('contact', 'v', { household: 'h', case: 'k', form: 'visit' }), rec('contact', 'away', { household: 'h', case: 'k', outcome: { answer: 'nobody_home' } }), rec('person', 'p', { household: 'h' }),
  rec('conflict', 'x'), rec('found', 'f'), rec('alert', 'a', { case: 'k' }), rec('appointment', 't', { case: 'k' }), rec('room', 'r', { case: 'k', other_org: 'soc' })];

const cases: [what: string, changes: Item['changes'], to: string | undefined, draft?: [key: string, values: string | Record<string, unknown>]][] = [
  ['a note of a visit', [change('note', { contact: 'v', case: 'k', text: 'Hej' })], '/visit/v', ['note:v', 'Hej']],
  ['a note of a case', [change('note', { case: 'k', text: 'Hej' })], '/case/k', ['case-note:k', 'Hej']],
  ['something acute at a visit', [change('concern', { contact: 'v', case: 'k', text: 'Hej' })], '/visit/v/acute', ['concern:v', 'Hej']],
  ['something acute', [change('concern', { case: 'k', text: 'Hej' })], '/acute', ['concern:new', 'Hej']],
  ['an answer', [change('contact', { outcome: { answer: 'met' } }, 'v')], '/visit/v'],
  ['an answer and the next try', [change('contact', { outcome: { answer: 'nobody_home' }, next_at: at }, 'v')], '/visit/v'],
  ['the next try, where nobody was home', [change('contact', { outcome: { answer: 'nobody_home' }, next_at: at }, 'away')], '/visit/away/nobody-home'],
  ['a tick', [change('contact', { tick_leaflet: true }, 'v')], '/visit/v'],
  ['a consent that was collected', [change('contact', { tick_consent: true }, 'v'), change('consent_mark', { contact: 'v' })], '/visit/v/consent'],
  ['a call', [change('contact', { case: 'k', form: 'call', outcome: { answer: 'met' } })], '/call/k'],
  ['a call, to be made again', [change('contact', { case: 'k', form: 'call', outcome: { answer: 'no_answer' } }), change('contact', { case: 'k', form: 'call_back', planned_at: at })], '/call/k'],
  ['a meeting', [change('contact', { case: 'k', form: 'unplanned', outcome: { answer: 'met' } })], '/unplanned'],
  ['a plan', [change('contact', { case: 'k', form: 'visit', planned_at: at, people: ['alva'], message: 'Ring först' })], '/case/k?form=plan', ['plan:k', { form: 'visit', when: toInput(at), people: ['alva'], message: 'Ring först' }]],
  ['another time', [change('contact', { planned_at: at, moved: {} }, 'v')], '/case/k?form=move:v', ['move:v', { when: toInput(at) }]],
  ['others who go', [change('contact', { people: ['alva'] }, 'v')], '/case/k?form=move:v', ['move:v', { people: ['alva'] }]],
  ['a visit that was called off', [change('contact', { cancelled: {} }, 'v')], '/case/k'],
  ['a telephone number', [change('person', { phone: '070' }, 'p')], '/case/k?form=person:p', ['person:p', { phone: '070' }]],
  ['a door code', [change('household', { door_code: '12' }, 'h')], '/case/k?form=household', ['household:h', { door_code: '12' }]],
  ['protection', [change('household', { protected: true }, 'h')], '/case/k?form=protect'],
  ['what a case is about', [change('case', { reason: 'neglect' }, 'k')], '/case/k?form=about'],
  ['a choice between two', [change('conflict', { choice: 'both' }, 'x')], '/conflict/x'],
  ['found work that is left out', [change('found', { state: 'dismissed', reason: 'Fel ärende' }, 'f')], '/found', ['found:f', 'Fel ärende']],
  ['an alarm', [change('alert', { seen: {} }, 'a')], '/case/k'],
  ['a message', [change('message', { case: 'k', shared_with: 'soc', about: 'plan', text: 'Hej' })], '/case/k/shared', ['say:r', { about: 'plan', text: 'Hej' }]],
  ['a word in a thread', [change('thread_word', { case: 'k', shared_with: 'soc', word: 'solved' })], '/case/k/shared', ['say:r', { about: 'solved' }]],
  ['a time that is proposed', [change('appointment', { case: 'k', shared_with: 'soc', purpose: 'meeting', planned_at: at })], '/case/k/propose/r', ['propose:r', { purpose: 'meeting', when: toInput(at) }]],
  ['an answer about a time', [change('appointment', { state: 'agreed' }, 't')], '/case/k/time/t'],
  ['a notice', [change('household', { street: 'Tallvägen 1', children: true }, 'h9'), change('person', { name: 'Petra' }, 'p9'), change('case', { reason: 'neglect' }, 'k9'), change('notice', { about: 'eviction', sender: 'authority', eviction_at: at, unit: 'vrak' })],
    '/notice/new', ['notice:new', { about: 'eviction', sender: 'authority', evictionDay: toInput(at).slice(0, 10), evictionTime: toInput(at).slice(11), reason: 'neglect', name: 'Petra', street: 'Tallvägen 1', unit: 'vrak' }]],
  ['a notice that is sent', [change('notice_sent', { case: 'k' })], '/case/k/shared'],
  ['something told without consent', [change('note', { case: 'k', text: 'Journal' }), change('disclosure', { case: 'k', record: 'm' })], '/case/k/disclose/m'],
  ['a message about debt', [change('thread_message', { case: 'k', shared_with: 'soc', about: 'debt', text: 'Hej' })], '/case/k/shared', ['say:r', { about: 'debt' }]],
  ['a mark of a consent', [change('consent_mark', { contact: 'v' })], '/visit/v/consent'],
  ['a proposal about secrecy', [change('secrecy_change', { how: 'consent' })], '/organisation'],
  ['an approval of it', [change('secrecy_approval', { change: 's' })], '/organisation'],
  ['a language', [change('translation', { on: true }, 'translation-ar')], '/organisation'],
  ['a legal basis', [change('legal_basis', { basis: 'contract' }, 'legal_basis')], '/organisation'],
  ['a note of a visit that is not here', [change('note', { contact: 'other', text: 'Hej' })], undefined],
  ['a picture', [change('photo', { contact: 'v' })], undefined],
];

for (const [what, changes, to, draft] of cases) {
  test(`${what} is put right ${to ? `at ${to}` : 'nowhere'}`, () => {
    const here = withRecords(...home);
    assert.equal(correct(refused(changes)), to);
    if (!draft) return;
    const [key, values] = draft;
    if (typeof values === 'string') assert.equal(here.draft(key), values);
    else for (const [name, value] of Object.entries(values)) assert.deepEqual(JSON.parse(here.draft(key))[name], value, name);
  });
}

test('every row is tried', () => {
  const tried = new Set(cases.flatMap(([, changes]) => changes.map((c) => c.kind)));
  assert.deepEqual([...new Set(rows.map((r) => r.kind))].filter((kind) => !tried.has(kind)), []);
});

test('no form where no other words would help, or for what is held', () => {
  withRecords(...home);
  const note = [change('note', { contact: 'v', text: 'Hej' })];
  for (const code of ['not_found', 'not_allowed']) assert.equal(formFor(refused(note, code)), undefined, code);
  assert.equal(formFor({ ...refused(note), step: { step: 'held', at: 1, code: 'predecessor' } }), undefined);
});

test('no form that does not ask for all that was refused: the rest would be lost', () => {
  withRecords(...home);
  const parts: Item['changes'][] = [
    [change('person', { phone: '070', name: 'Mirja' }, 'p')],
    [change('household', { door_code: '12', children: true }, 'h')],
    [change('household', { protected: true, floor: '2 tr' }, 'h')],
    [change('case', { reason: 'neglect', status: 'closed' }, 'k')],
    [change('contact', { planned_at: at, outcome: { answer: 'met' } }, 'v')],
    [change('contact', { tick_consent: true }, 'v'), change('case_link', { of: 'g', case: 'k' })],
    [change('contact', { case: 'k', form: 'call', outcome: { answer: 'met' } }), change('note', { case: 'k', text: 'Hej' })],
  ];
  for (const changes of parts) assert.equal(formFor(refused(changes)), undefined, JSON.stringify(changes));
});

test('an id that was used for something else is written anew', () => {
  withRecords(...home);
  assert.equal(formFor(refused([change('note', { contact: 'v', text: 'Hej' })], 'commit_reused'))?.to, '/visit/v');
});

test('what is half written in the form stays', () => {
  const here = withRecords(...home);
  correct(refused([change('person', { phone: '070' }, 'p')]));
  correct(refused([change('person', { email: 'a@example.org' }, 'p')]));
  assert.deepEqual(JSON.parse(here.draft('person:p')), { phone: '070', email: 'a@example.org' });
  correct(refused([change('note', { contact: 'v', text: 'Hej' })]));
  correct(refused([change('note', { contact: 'v', text: 'Hej' })])); // a second tap
  assert.equal(here.draft('note:v'), 'Hej');
});

test('the refused change goes when another one says it, and not before', async () => {
  const here = withRecords(...home);
  const old = refused([change('note', { contact: 'v', case: 'k', household: 'h', text: 'Hej\u0001' }, 'n1')]);
  here.items.value = [old];
  correct(old);
  const written = (commit: string, c: Item['changes'][number]): Item => ({ commit, step: { step: 'phone', at: 2 }, changes: [c] });
  here.items.value = [old, written('c2', change('note', { contact: 'other', case: 'k', household: 'h', text: 'Annat' }, 'n2'))];
  await Promise.resolve();
  assert.deepEqual(here.gone, []);
  here.items.value = [...here.items.value, written('c3', change('note', { contact: 'v', case: 'k', household: 'h', text: 'Hej' }, 'n3'))];
  await Promise.resolve();
  assert.deepEqual(here.gone, ['c1']);
});

test('another field of the same record is no answer', () => {
  withRecords(...home);
  const met = refused([change('contact', { outcome: { answer: 'met' }, next_at: at }, 'v')]);
  const fresh = (fields: Record<string, unknown>): Item => ({ commit: 'c2', step: { step: 'phone', at: 2 }, changes: [change('contact', fields, 'v')] });
  assert.equal(answers(fresh({ tick_leaflet: true }), met), false);
  assert.equal(answers(fresh({ outcome: { answer: 'refused' } }), met), false);
  assert.equal(answers(fresh({ outcome: { answer: 'refused' }, next_at: null }), met), true);
});

test('a commit with more in it is not answered by a part', () => {
  withRecords(...home);
  const both = refused([change('contact', { case: 'k', form: 'call' }), change('note', { case: 'k', text: 'Hej' })]);
  assert.equal(answers({ ...both, commit: 'c2', changes: [both.changes[0]] }, both), false);
  assert.equal(answers({ ...both, commit: 'c2' }, both), true);
});

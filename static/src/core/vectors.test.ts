// The vectors of sync/testdata that the Go device runs, too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transcripts, vectors } from '../test/helpers';
import type { Change } from './api';
import { play as retold, retell, type Line } from './diary';
import { digest, hashOf, hex } from './digest';
import { overlay } from './overlay';
import { Store } from './store';
import { readMessage, type Checked, type Page, type Receipt, type Welcome, type WireCommit, type WireRecord } from './wire';

interface Seen { org: string; id: string; kind: string; f: object; n: object; unsent: boolean }
type StepOfStory =
  | { do: 'welcome'; welcome: Welcome }
  | { do: 'page'; page: Page; applied: boolean }
  | { do: 'write'; commit: string; at: number; edits: Change[]; sends: WireCommit }
  | { do: 'receipt'; receipt: Receipt }
  | { do: 'checked'; checked: Checked; renews: boolean; have: number }
  | { do: 'put_away'; commit: string }
  | { do: 'restart' }
  | { do: 'see'; records: Seen[]; cursor: number; unsent: string[]; trouble: string[] };
interface Story { rule: string; story: string; org: string; steps: StepOfStory[] }

const now = 1_700_000_000_000;

function play(store: Store, step: Exclude<StepOfStory, { do: 'restart' }>): void {
  const { outbox } = store;
  switch (step.do) {
    case 'welcome': return void store.welcome(step.welcome, now);
    case 'page': return assert.equal(store.apply(step.page) === 'applied', step.applied);
    case 'write': {
      const e = outbox.write(step.commit, step.at, store.cursor, step.edits, (key) => store.records.get(key));
      outbox.entries.push(e);
      store.changed([e]);
      return assert.deepEqual(JSON.parse(e.raw), step.sends);
    }
    case 'receipt': {
      const e = outbox.settle(step.receipt, now);
      if (e) store.changed([e]);
      return;
    }
    case 'put_away': {
      const r = outbox.away(step.commit);
      if (r) outbox.settle(r, now);
      return;
    }
    case 'checked': {
      const renews = step.checked.result === 'different' && step.checked.cursor === store.cursor && !store.renewing;
      if (renews) store.renew();
      assert.equal(renews, step.renews);
      return assert.equal(store.position, step.have);
    }
    case 'see':
      see(store, step.records);
      assert.equal(store.cursor, step.cursor);
      assert.deepEqual(outbox.unsent().map((e) => e.id), step.unsent);
      assert.deepEqual(outbox.trouble().map((e) => e.id), step.trouble);
  }
}

/** The same phone after its app was started again: the readable copy, and the journal's story. */
function restarted(before: Store, org: string): Store {
  const { cursor, epoch, generation } = before;
  const lines = JSON.parse(JSON.stringify(retell({ entries: before.outbox.entries, drafts: new Map(), drafted: new Map(), dropped: new Set() }))) as Line[];
  const after = Object.assign(new Store(org), { cursor, epoch, generation });
  after.load([...before.records.values()], retold(lines).entries);
  return after;
}

/** What screens would see, by the signals and by a fresh look. */
function see(store: Store, want: Seen[]): void {
  const keys = new Set([...store.records.keys(), ...store.outbox.entries.flatMap((e) => e.changes.map(store.outbox.key))]);
  const views = [...keys].map((key) => overlay(key, store.records.get(key), store.outbox.entries, store.outbox, store.cursor)).filter((v) => v !== undefined);
  views.sort((a, b) => (a.org + '\n' + a.id < b.org + '\n' + b.id ? -1 : 1));
  assert.deepEqual(views, want);
  for (const v of views) assert.deepEqual(store.get(v.kind, v.id), v);
  for (const kind of new Set(views.map((v) => v.kind))) assert.equal(store.list(kind).value.length, views.filter((v) => v.kind === kind).length, kind);
}

const stories = vectors<Story>('overlay');
test('there are overlay vectors', () => assert.ok(stories.length > 0));
for (const { name, vector } of stories) {
  test(`${vector.rule} ${name}: ${vector.story}`, () => {
    let store = new Store(vector.org);
    for (const step of vector.steps) {
      if (step.do === 'restart') store = restarted(store, vector.org);
      else play(store, step);
    }
  });
}

interface Said { name: string; text: string; means?: unknown; pad?: number }
test('every message of the server is read as what it means', () => {
  const said = vectors<Said[]>('wire').find((v) => v.name === 'from_server.json')?.vector ?? [];
  assert.ok(said.length > 0);
  for (const s of said) assert.deepEqual(readMessage(s.text.padEnd(s.pad ?? 0)), s.means ?? null, s.name);
});

const hashed = vectors<{ name: string; text: string; hash: string }[]>('digest').flatMap((v) => v.vector);
test('there are digest vectors', () => assert.ok(hashed.length > 0));
for (const { name, text, hash } of hashed) {
  test(`W10 ${name}`, async () => assert.equal(hex(await hashOf(JSON.parse(text) as WireRecord)), hash));
}

test('the sum of records is told in all and by kind', async () => {
  const [a, b] = hashed.slice(0, 2).map((h) => JSON.parse(h.text) as WireRecord);
  const one = await digest([a], 4);
  assert.deepEqual(one, { type: 'check', cursor: 4, count: 1, sum: hashed[0].hash, kinds: { note: { count: 1, sum: hashed[0].hash } } });
  const two = await digest([a, b], 4);
  assert.deepEqual(two.kinds, { note: one.kinds.note, case: { count: 1, sum: hashed[1].hash } });
  assert.equal((await digest([b, a], 4)).sum, two.sum);
});

test('what servers of every version have said is read', () => {
  const said = transcripts().flatMap(({ name, lines }) => lines.flatMap((line, i) => ('server' in line ? [{ at: `${name}:${i + 1}`, text: JSON.stringify(line.server) }] : [])));
  assert.ok(said.length > 0);
  for (const { at, text } of said) assert.ok(readMessage(text), `${at}: ${text}`);
});

test('W2: what this version does not know of a record is kept, and comes back with nothing changed', () => {
  const store = new Store('hem');
  const drawing = { org: 'hem', id: 'x', kind: 'drawing', f: { lines: [[1, 2]], mood: { a: null } }, n: { lines: 1, mood: 7 } };
  store.apply({ type: 'page', epoch: 1, cursor: 1, waiting: 0, records: [drawing] });
  const e = store.outbox.write('c', 1, 1, [{ kind: 'drawing', record: 'x', fields: { title: 'hus' } }], (key) => store.records.get(key));
  store.outbox.entries.push(e);
  store.changed([e]);
  assert.deepEqual(store.get('drawing', 'x')?.f, { ...drawing.f, title: 'hus' });
  assert.deepEqual(Object.keys(JSON.parse(e.raw).changes[0].fields), ['title']);
  assert.deepEqual(store.records.get('hem\nx'), drawing);
});

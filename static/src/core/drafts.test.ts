import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Problem } from './api';
import { Drafts } from './drafts';

const events = new Map<string, () => void>();
const page = { visibilityState: 'visible', addEventListener: (name: string, f: () => void) => void events.set(name, f) };
Object.assign(globalThis, { document: page, addEventListener: page.addEventListener });

const settled = () => new Promise((done) => setImmediate(done));

test('what is typed is in the journal half a second later, however fast one types', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const written: string[] = [];
  const draft = new Drafts(new Map(), async (_, text) => void written.push(text)).get('note');
  for (const text of ['D', 'De', 'Den', 'Dent', 'Denta']) {
    draft.set(text);
    mock.timers.tick(100); // never a pause as long as the pace
  }
  await settled();
  assert.ok(written.length >= 1 && 'Denta'.startsWith(written[0]), `nothing was written in half a second: ${written}`);
  mock.timers.tick(500);
  await settled();
  assert.equal(written.at(-1), 'Denta');
  assert.equal(draft.step.value?.step, 'phone');
  mock.timers.reset();
});

test('what hides the app writes at once, and a full phone is said', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const written: string[] = [];
  let full = false;
  const drafts = new Drafts(new Map([['old', 'kept']]), async (_, text) => {
    if (full) throw new Problem('phone_full');
    written.push(text);
  });
  assert.equal(drafts.get('old').text.value, 'kept');
  drafts.get('note').set('halv');
  assert.equal(drafts.get('note').step.value?.step, 'writing');
  page.visibilityState = 'hidden';
  events.get('visibilitychange')!();
  await settled();
  assert.deepEqual(written, ['halv']);
  full = true;
  drafts.get('note').set('halvskriven');
  events.get('pagehide')!();
  await settled();
  assert.deepEqual(drafts.get('note').step.value, { ...drafts.get('note').step.value, step: 'lost', code: 'phone_full' });
  full = false;
  drafts.flush();
  await settled();
  assert.equal(written.at(-1), 'halvskriven');
  mock.timers.reset();
});

test('whoever lists drafts is told when one is begun and when it is none any more', async () => {
  const drafts = new Drafts(new Map(), async () => undefined);
  const draft = drafts.get('note');
  const turns: number[] = [];
  const say = async (text: string) => {
    draft.set(text);
    drafts.flush();
    await settled();
    turns.push(drafts.turns.value);
  };
  for (const text of ['H', 'Hej', '', 'Igen']) await say(text);
  assert.deepEqual(turns, [1, 1, 2, 3]);
});

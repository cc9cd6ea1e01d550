import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

/** The windows of one phone: what one says the others hear, and the places that are taken. */
let channels: FakeChannel[] = [];
let held = new Set<string>();
class FakeChannel {
  onmessage: ((e: { data: unknown }) => void) | null = null;
  constructor(readonly name: string) {
    channels.push(this);
  }
  postMessage(data: unknown): void {
    for (const other of channels) if (other !== this && other.name === this.name) queueMicrotask(() => other.onmessage?.({ data }));
  }
}
const locks = {
  query: async () => ({ held: [...held].map((name) => ({ name })) }),
  request: async (name: string, _: unknown, take: (lock: object | null) => unknown) => {
    const free = !held.has(name);
    held.add(name);
    return take(free ? {} : null);
  },
};
Object.assign(globalThis, { BroadcastChannel: FakeChannel });
Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
const { Tabs } = await import('./tabs');

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
const pass = async (ms: number): Promise<void> => {
  await settled();
  mock.timers.tick(ms);
  await settled();
};

/** A window with a place, that answers what it is asked so; null: it is frozen. */
async function tab(answer: 'calm' | 'busy' | null): Promise<InstanceType<typeof Tabs>> {
  const t: InstanceType<typeof Tabs> = new Tabs((news) => {
    if (news.t === 'calm?' && answer) t.tell(answer === 'busy' ? { t: 'busy' } : { t: 'calm', slot: t.slot });
  }, () => ({}));
  await t.claim();
  return t;
}

/** What a window has heard by now of whether all is calm. */
function ask(t: InstanceType<typeof Tabs>): { calm: boolean | null } {
  const heard: { calm: boolean | null } = { calm: null };
  void t.calm().then((calm) => (heard.calm = calm));
  return heard;
}

beforeEach(() => {
  channels = [];
  held = new Set();
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => mock.timers.reset());

test('all is calm when every other window has said so, and not before a page that opens has had time to', async () => {
  const [asks] = [await tab(null), await tab('calm'), await tab('calm')];
  const heard = ask(asks);
  await pass(400);
  assert.equal(heard.calm, null);
  await pass(200);
  assert.equal(heard.calm, true);
});

test('one window in which something is begun is enough', async () => {
  const [asks] = [await tab(null), await tab('calm'), await tab('busy')];
  const heard = ask(asks);
  await pass(600);
  assert.equal(heard.calm, false);
});

test('a window that does not answer is waited for, and no longer than one that lives would take', async () => {
  const [asks] = [await tab(null), await tab(null)];
  const heard = ask(asks);
  await pass(2900);
  assert.equal(heard.calm, null);
  await pass(200);
  assert.equal(heard.calm, true);
});

test('a window that has no place yet takes nobody else’s place for its own', async () => {
  const slow: InstanceType<typeof Tabs> = new Tabs((news) => news.t === 'calm?' && setTimeout(() => slow.tell({ t: 'busy' }), 1000), () => ({}));
  await slow.claim(); // it has the first place
  const heard = ask(new Tabs(() => {}, () => ({})));
  await pass(600);
  assert.equal(heard.calm, null);
  await pass(500);
  assert.equal(heard.calm, false);
});

test('who asks twice at once hears the same', async () => {
  const [asks] = [await tab(null), await tab('busy')];
  const [one, two] = [ask(asks), ask(asks)];
  await pass(600);
  assert.deepEqual([one.calm, two.calm], [false, false]);
});

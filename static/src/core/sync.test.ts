// The conversation on a network that the test steps by hand.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { SyncState } from './api';
import type { Entry } from './outbox';
import { Conversation, type Host } from './sync';
import type { Check, Page, Receipt, Welcome } from './wire';

class FakeSocket {
  static OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: any[] = [];
  onopen?: () => void;
  onmessage?: (e: { data: string }) => void;
  onclose?: (e: { code: number }) => void;
  constructor() {
    FakeSocket.all.push(this);
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(m: unknown) {
    this.onmessage?.({ data: JSON.stringify(m) });
  }
  send(raw: string) {
    this.sent.push(JSON.parse(raw));
  }
  close(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}
const newest = () => FakeSocket.all.at(-1)!;

const entry = (id: string): Entry => ({ id, at: 1, raw: JSON.stringify({ id }), changes: [], made: [] });
const welcome = (waiting = 0): Welcome => ({ type: 'welcome', version: 1, person: 'kim', org: 'o', role: 'caretaker', units: [], generation: 'g1', epoch: 1, clock: 1, waiting });
const quiet = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

class FakeHost implements Host {
  entries: Entry[] = [];
  got: Receipt[] = [];
  pages: Page[] = [];
  answer: 'applied' | 'gap' = 'applied';
  now: Partial<SyncState> = {};
  hello = () => ({ type: 'hello' as const, versions: [1], device: 'd', cursor: this.cursor(), clock: 1, unsent: this.entries.length });
  unsent = () => this.entries;
  sending = async () => {};
  fetched = () => 0;
  sent = (es: Entry[]) => es.forEach((e) => (e.sent = 1));
  shuts: string[] = [];
  shut = async (rooms: string[]) => void this.shuts.push(...rooms);
  welcome = async () => {};
  async receipts(rs: Receipt[]) {
    this.got.push(...rs);
    const final = new Set(rs.filter((r) => r.status !== 'again').map((r) => r.commit));
    this.entries = this.entries.filter((e) => !final.has(e.id));
  }
  async page(p: Page) {
    if (this.answer === 'applied') this.pages.push(p);
    return this.answer;
  }
  cursor = () => this.pages.at(-1)?.cursor ?? 0;
  equal = true;
  digest = async (): Promise<Check | null> => ({ type: 'check', cursor: this.cursor(), count: 0, sum: '', kinds: {} });
  checked = () => !this.equal;
  state = (s: Partial<SyncState>) => void Object.assign(this.now, s);
}

let posts: { body: any; answer: (status: number, messages?: unknown[]) => void; fail: () => void }[] = [];
let talk: Conversation;
let host: FakeHost;
const wake: Record<string, () => void> = {};
const page = globalThis as any;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_700_000_000_000 });
  FakeSocket.all = [];
  posts = [];
  Object.assign(page, {
    WebSocket: FakeSocket, location: { origin: 'https://b.example' },
    document: { visibilityState: 'visible', addEventListener: (n: string, f: () => void) => (wake[n] = f), removeEventListener() {} },
    addEventListener: (n: string, f: () => void) => (wake[n] = f), removeEventListener() {},
    fetch: (_: string, o: { body: string }) =>
      new Promise((resolve, reject) => posts.push({ body: JSON.parse(o.body), answer: (status, messages = []) => resolve({ status, ok: status === 200, json: async () => ({ messages }) }), fail: reject })),
  });
  Object.defineProperty(page, 'navigator', { value: { onLine: true }, configurable: true });
  host = new FakeHost();
});
afterEach(() => {
  talk.stop();
  mock.timers.reset();
});

const begin = () => {
  talk = new Conversation(host);
  newest().open();
};

test('a welcome that is still being taken in when its way breaks is none for the next way', async () => {
  host.entries = [entry('a')];
  let taken = () => {};
  host.welcome = () => new Promise((done) => (taken = done));
  begin();
  newest().say(welcome());
  await quiet();
  newest().close();
  mock.timers.tick(3_000);
  newest().open();
  taken();
  await quiet();
  assert.equal(FakeSocket.all.length, 2);
  assert.deepEqual(newest().sent.map((m) => m.type), ['hello']);
  assert.equal(host.now.phase, 'connecting');
  host.welcome = async () => {};
  newest().say(welcome());
  await quiet();
  assert.deepEqual(newest().sent[1].commits.map((c: Entry) => c.id), ['a']);
  assert.equal(host.now.phase, 'live');
});

test('a page that is still being taken in when its way breaks says nothing on the next way', async () => {
  begin();
  newest().say(welcome(1));
  await quiet();
  let taken = () => {};
  host.page = () => new Promise((done) => (taken = () => done('applied')));
  newest().say({ type: 'page', from: 0, cursor: 5, epoch: 1, waiting: 0, records: [] });
  await quiet();
  newest().close();
  mock.timers.tick(3_000);
  newest().open();
  taken();
  await quiet();
  assert.deepEqual(newest().sent.map((m) => m.type), ['hello']);
  assert.equal(host.now.phase, 'connecting');
});

test('out of sight it does not hurry, unless somebody looks at another tab', async () => {
  begin();
  newest().say(welcome());
  await quiet();
  page.document.visibilityState = 'hidden';
  newest().close();
  wake.online();
  assert.equal(FakeSocket.all.length, 1);
  talk.look();
  assert.equal(FakeSocket.all.length, 2);
});

test('nothing is sent before the welcome, and then in the order written', async () => {
  host.entries = [entry('a'), entry('b')];
  begin();
  assert.deepEqual(newest().sent.map((m) => m.type), ['hello']);
  newest().say(welcome());
  await quiet();
  assert.deepEqual(newest().sent[1].commits.map((c: Entry) => c.id), ['a', 'b']);
  newest().say({ type: 'receipt', commit: 'a', status: 'saved' });
  newest().say({ type: 'receipt', commit: 'b', status: 'refused', code: 'locked' });
  await quiet();
  assert.deepEqual(host.got.map((r) => r.status), ['saved', 'refused']);
  assert.equal(host.now.phase, 'live');
});

test('a commit is on its way once; what is written meanwhile follows', async () => {
  host.entries = [entry('a')];
  begin();
  newest().say(welcome());
  await quiet();
  host.entries.push(entry('b'));
  talk.poke();
  talk.poke();
  await quiet();
  assert.deepEqual(newest().sent.slice(1).map((m) => m.commits.map((c: Entry) => c.id)), [['a'], ['b']]);
});

test('a long queue goes up in a window', async () => {
  host.entries = Array.from({ length: 150 }, (_, i) => entry(`c${i}`));
  begin();
  newest().say(welcome());
  await quiet();
  const up = () => newest().sent.slice(1).flatMap((m) => m.commits ?? []).length;
  assert.equal(up(), 64);
  newest().say({ type: 'receipt', commit: 'c0', status: 'saved' });
  await quiet();
  assert.equal(up(), 65);
});

test('a large commit has the time that it takes on a slow network', async () => {
  host.entries = [entry('small'), { ...entry('large'), raw: JSON.stringify({ id: 'large', text: 'x'.repeat(160_000) }) }];
  begin();
  newest().say(welcome());
  await quiet();
  newest().say({ type: 'receipt', commit: 'small', status: 'saved' });
  await quiet();
  mock.timers.tick(40_000); // 4 kB a second
  assert.equal(newest().readyState, 1);
  mock.timers.tick(30_000); // nothing comes at all
  assert.equal(newest().readyState, 3);
});

test('what could not be judged is sent again, later', async () => {
  host.entries = [entry('a')];
  begin();
  newest().say(welcome());
  await quiet();
  newest().say({ type: 'receipt', commit: 'a', status: 'again', code: 'disk_full' });
  await quiet();
  assert.equal(newest().sent.length, 2);
  mock.timers.tick(4_100);
  assert.equal(newest().sent.length, 3);
});

test('a way that is cut is opened again, and the unsent goes up again', async () => {
  host.entries = [entry('a')];
  begin();
  newest().say(welcome());
  await quiet();
  newest().close();
  assert.equal(host.now.phase, 'offline');
  mock.timers.tick(3_100);
  assert.equal(FakeSocket.all.length, 2);
  newest().open();
  newest().say(welcome());
  await quiet();
  assert.deepEqual(newest().sent[1].commits.map((c: Entry) => c.id), ['a']);
});

test('a server that goes away is come back to one after the other', async () => {
  const all = Array.from({ length: 200 }, () => {
    const one = new Conversation(host);
    newest().open();
    newest().say(welcome());
    return one;
  });
  talk = all[0];
  await quiet();
  const sockets = [...FakeSocket.all];
  for (const socket of sockets) socket.close(1001);
  const perSecond: number[] = [];
  for (let second = 0; second < 10; second++) {
    const before = FakeSocket.all.length;
    mock.timers.tick(1000);
    perSecond.push(FakeSocket.all.length - before);
  }
  assert.equal(FakeSocket.all.length, 400);
  assert.ok(Math.max(...perSecond) < 50, `came back in each second: ${perSecond}`);
  for (const one of all) one.stop();
});

test('a way that says nothing any longer is given up', async () => {
  begin();
  newest().say(welcome());
  await quiet();
  wake.visibilitychange(); // the phone wakes up: is anybody there?
  assert.equal(newest().sent.filter((m) => m.type === 'hello').length, 2);
  mock.timers.tick(20_100);
  assert.equal(host.now.phase, 'offline');
});

test('what cannot be handled here ends the way and not the conversation', async () => {
  host.entries = [entry('a')];
  begin();
  newest().say(welcome());
  await quiet();
  const page = host.page;
  host.page = () => Promise.reject(new Error('the copy is broken'));
  newest().say({ type: 'page', cursor: 1, epoch: 1, waiting: 0, records: [] });
  await quiet();
  assert.equal(host.now.phase, 'offline');
  host.page = page;
  mock.timers.tick(2000);
  assert.equal(FakeSocket.all.length, 2);
  newest().open();
  newest().say(welcome());
  newest().say({ type: 'page', cursor: 1, epoch: 1, waiting: 0, records: [] });
  newest().say({ type: 'receipt', commit: 'a', status: 'saved' });
  await quiet();
  assert.equal(host.pages.length, 1);
  assert.deepEqual(host.got.map((r) => r.commit), ['a']);
});

test('pages are answered with how far we are; a gap with a hello', async () => {
  begin();
  newest().say(welcome(3));
  await quiet();
  assert.equal(host.now.phase, 'fetching');
  newest().say({ type: 'page', epoch: 1, cursor: 2, waiting: 1, records: [] });
  await quiet();
  assert.deepEqual(newest().sent.at(-1), { type: 'have', cursor: 2 });
  assert.deepEqual([host.now.fetch?.done, host.now.fetch?.total], [2, 3]);
  host.answer = 'gap';
  newest().say({ type: 'page', epoch: 1, from: 9, cursor: 10, waiting: 0, records: [] });
  await quiet();
  assert.equal(newest().sent.at(-1).type, 'hello');
});

test('what comes one by one is answered once for all, within a second; what has left at once', async () => {
  const haves = () => newest().sent.filter((m) => m.type === 'have').map((m) => m.cursor);
  let cursor = 0;
  const page = async (waiting = 0, records: unknown[] = []) => {
    newest().say({ type: 'page', epoch: 1, cursor: ++cursor, waiting, records });
    await quiet();
  };
  begin();
  newest().say(welcome());
  await quiet();
  for (let i = 0; i < 3; i++) await page();
  assert.deepEqual(haves(), []);
  mock.timers.tick(1000);
  assert.deepEqual(haves(), [3]);
  for (let i = 0; i < 8; i++) await page(); // so many are not left unsaid
  assert.deepEqual(haves(), [3, 11]);
  await page(0, [{ org: 'o', id: 'a', kind: '', left: true }]);
  await page(1);
  assert.deepEqual(haves(), [3, 11, 12, 13]);
  mock.timers.tick(1000);
  assert.deepEqual(haves(), [3, 11, 12, 13]);
  await page();
  newest().close();
  mock.timers.tick(1000); // nothing is said on a way that is over
  assert.equal(FakeSocket.all[0]!.sent.filter((m) => m.type === 'have').length, 4);
});

test('when all has come the phone is compared, now and then, with servers that know how', async () => {
  const checks = () => newest().sent.filter((m) => m.type === 'check').length;
  begin();
  newest().say({ ...welcome(3), version: 2 });
  await quiet();
  mock.timers.tick(5_100);
  await quiet();
  assert.equal(checks(), 0, 'something is still to come');
  newest().say({ type: 'page', epoch: 1, cursor: 3, waiting: 0, records: [] });
  await quiet();
  mock.timers.tick(5_100);
  await quiet();
  assert.equal(checks(), 1);
  newest().say({ type: 'checked', cursor: 3, result: 'equal' });
  newest().say({ type: 'page', epoch: 1, cursor: 4, waiting: 0, records: [] });
  await quiet();
  mock.timers.tick(60_000);
  await quiet();
  assert.equal(checks(), 1, 'not with every page');
  newest().say(welcome());
  await quiet();
  mock.timers.tick(19_000);
  assert.equal(host.now.phase, 'live');
});

test('a phone that is not equal says hello, to fetch everything anew', async () => {
  begin();
  newest().say({ ...welcome(), version: 2 });
  await quiet();
  mock.timers.tick(5_100);
  await quiet();
  host.equal = false;
  newest().say({ type: 'checked', cursor: 0, result: 'different' });
  await quiet();
  assert.equal(newest().sent.at(-1).type, 'hello');
});

test('a server that knows version 1 alone is not asked', async () => {
  begin();
  newest().say(welcome());
  await quiet();
  mock.timers.tick(15_000);
  await quiet();
  assert.deepEqual(newest().sent.map((m) => m.type), ['hello']);
});

test('where sockets are blocked the same goes by requests, each with a hello', async () => {
  host.entries = [entry('a')];
  talk = new Conversation(host);
  newest().close();
  mock.timers.tick(3_100);
  newest().close();
  mock.timers.tick(3_100);
  await quiet();
  assert.equal(posts.length, 1);
  posts[0].answer(200, [welcome()]);
  await quiet();
  assert.deepEqual(posts[1].body.messages.map((m: any) => m.type), ['hello', 'commits']);
  posts[1].answer(200, [welcome(), { type: 'receipt', commit: 'a', status: 'saved' }]);
  await quiet();
  assert.deepEqual(host.got.map((r) => r.commit), ['a']);
  assert.equal(host.now.phase, 'live');
});

test('a session that is over is said, and not asked for again and again', async () => {
  begin();
  newest().say({ type: 'problem', code: 'signed_out', sentence: 'Du är utloggad.', close: true });
  await quiet();
  assert.equal(host.now.phase, 'signed_out');
  mock.timers.tick(120_000);
  assert.equal(FakeSocket.all.length, 1);
});

test('the page going online is a reason to try at once', () => {
  talk = new Conversation(host);
  newest().close();
  wake.online();
  assert.equal(FakeSocket.all.length, 2);
});

test('a room that is shut is heard of at once, and at the next hello', async () => {
  talk = new Conversation(host);
  newest().open();
  newest().say({ ...welcome(), shut: ['r1.4'] });
  await quiet();
  newest().say({ type: 'shut', room: 'r2.1' });
  await quiet();
  assert.deepEqual(host.shuts, ['r1.4', 'r2.1']);
});

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { WireRecord } from './wire';

const looks = new EventTarget() as EventTarget & { visibilityState: string };
Object.assign(globalThis, { document: looks });
const { noticeAlerts } = await import('./alerts'); // it listens to the screen from the start

/** What the server was told, while it answers so. */
let told: string[] = [];
const serve = (answer: () => Promise<Response>): void => {
  globalThis.fetch = async (path, ask) => {
    told.push(`${ask?.method} ${path}`);
    return answer();
  };
};
const well = async (): Promise<Response> => new Response(null, { status: 204 });
const look = (state: string): void => {
  looks.visibilityState = state;
  looks.dispatchEvent(new Event('visibilitychange'));
};
const alertOf = (id: string, f: Record<string, unknown> = { people: ['samira'] }, more: object = {}): WireRecord => ({ org: 'o', id, kind: 'alert', f, n: {}, ...more }) as WireRecord;
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

afterEach(() => {
  told = [];
});

test('a visible app tells the server of an alert that names the person, once', () => {
  serve(well);
  look('visible');
  noticeAlerts([alertOf('a1', { people: ['tove', 'samira'] })], 'samira');
  noticeAlerts([alertOf('a1', { people: ['tove', 'samira'] })], 'samira'); // the page comes again after a break
  assert.deepEqual(told, ['POST /api/alerts/a1/shown']);
});

test('a hidden app says nothing until somebody looks, and then of all that came', () => {
  serve(well);
  look('hidden');
  noticeAlerts([alertOf('b1'), alertOf('b2')], 'samira');
  look('hidden'); // locked and still not looked at
  assert.deepEqual(told, []);
  look('visible');
  assert.deepEqual(told, ['POST /api/alerts/b1/shown', 'POST /api/alerts/b2/shown']);
  look('hidden');
  look('visible');
  assert.equal(told.length, 2);
});

test('what is no alert of theirs is no business of the server', () => {
  serve(well);
  look('visible');
  const others = [
    alertOf('c1', { people: ['tove'] }),
    alertOf('c2', {}),
    alertOf('c3', { people: 'samira' }),
    alertOf('c4', { people: ['samira'], seen: { by: 'tove', at: 1 } }),
    alertOf('c5', { people: ['samira'] }, { left: true }),
    alertOf('c6', { people: ['samira'] }, { kind: 'note' }),
    alertOf('c7', undefined, { f: undefined }),
  ];
  noticeAlerts(others, 'samira');
  assert.deepEqual(told, []);
});

test('an id cannot name another address', () => {
  serve(well);
  look('visible');
  noticeAlerts([alertOf('d/../1?x')], 'samira');
  assert.deepEqual(told, ['POST /api/alerts/d%2F..%2F1%3Fx/shown']);
});

test('without a network nothing breaks and nothing is tried again: the push goes out', async () => {
  let loose = 0;
  const count = (): void => void loose++;
  process.on('unhandledRejection', count);
  serve(() => Promise.reject(new TypeError('no network')));
  look('visible');
  noticeAlerts([alertOf('e1')], 'samira');
  await settled();
  serve(async () => new Response('{"code":"try_again"}', { status: 503 }));
  noticeAlerts([alertOf('e2')], 'samira');
  await settled();
  serve(well);
  look('hidden');
  look('visible');
  noticeAlerts([alertOf('e1'), alertOf('e2')], 'samira');
  await settled();
  process.off('unhandledRejection', count);
  assert.deepEqual(told, ['POST /api/alerts/e1/shown', 'POST /api/alerts/e2/shown']);
  assert.equal(loose, 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effect } from '@preact/signals-core';
import { Store } from './store';
import type { Change } from './api';
import type { Page, WireRecord } from './wire';
import { keyOf } from './outbox';

const visit = (id: string, f: Record<string, unknown>, n: Record<string, number> = {}): WireRecord => ({ org: 'hem', id, kind: 'contact', f, n });
const page = (from: number, cursor: number, ...records: WireRecord[]): Page => ({ type: 'page', epoch: 1, from, cursor, waiting: 0, records });

function write(store: Store, id: string, ...changes: Change[]) {
  const e = store.outbox.write(id, 1, store.cursor, changes, (key) => store.records.get(key));
  store.outbox.entries.push(e);
  store.changed([e]);
  return e;
}

test('D3: a change lies on top until its own page is here, and does not flicker', () => {
  const store = new Store('hem');
  store.apply(page(0, 1, visit('v', { time: 'ten' }, { time: 1 })));
  const seen: unknown[] = [];
  effect(() => void seen.push(store.get('contact', 'v')?.f.time));
  const e = write(store, 'c', { kind: 'contact', record: 'v', fields: { time: 'eleven' } });
  store.outbox.settle({ commit: 'c', status: 'saved', cursor: 2 }, 1);
  store.changed([e]);
  assert.equal(store.get('contact', 'v')?.unsent, false);
  store.apply(page(1, 2, visit('v', { time: 'eleven' }, { time: 2 })));
  assert.deepEqual([...new Set(seen)], ['ten', 'eleven']);
});

test('D3: a refused change is taken off', () => {
  const store = new Store('hem');
  store.apply(page(0, 1, visit('v', { time: 'ten' })));
  const e = write(store, 'c', { kind: 'contact', record: 'v', fields: { time: 'eleven' } });
  store.outbox.settle({ commit: 'c', status: 'refused' }, 1);
  store.changed([e]);
  assert.equal(store.get('contact', 'v')?.f.time, 'ten');
});

test('D5: a change to a record that has left shows nothing; one that makes a record shows it', () => {
  const store = new Store('hem');
  store.apply(page(0, 1, visit('v', { time: 'ten' })));
  write(store, 'c', { kind: 'contact', record: 'v', fields: { time: 'eleven' } });
  write(store, 'd', { kind: 'note', record: 'n', fields: { text: 'ny' } });
  store.apply(page(1, 2, { org: 'hem', id: 'v', kind: '', left: true }));
  assert.equal(store.get('contact', 'v'), undefined);
  assert.deepEqual(store.list('contact').value, []);
  assert.equal(store.get('note', 'n')?.f.text, 'ny');
  assert.equal(store.get('note', 'n')?.unsent, true);
  assert.equal(store.outbox.unsent().length, 2);
});

test('D6: a page that leaves a gap, is older, or was read under older access is left', () => {
  const store = new Store('hem');
  assert.equal(store.apply(page(3, 4, visit('v', {}))), 'gap');
  store.apply({ ...page(0, 5, visit('v', { a: 1 })), epoch: 2 });
  assert.equal(store.apply({ ...page(0, 4, visit('v', { a: 2 })), epoch: 2 }), 'old');
  assert.equal(store.apply(page(5, 6, visit('v', { a: 3 }))), 'old');
  assert.equal(store.get('contact', 'v')?.f.a, 1);
  assert.equal(store.cursor, 5);
});

test('only what reads a changed kind is drawn again', () => {
  const store = new Store('hem');
  store.apply(page(0, 1, visit('v', {}), { org: 'hem', id: 'h', kind: 'household', f: {} }));
  let drawn = 0;
  effect(() => void (store.list('household').value, drawn++));
  store.apply(page(1, 2, visit('v', { a: 1 })));
  assert.equal(drawn, 1);
});

test('starting over keeps what is unsent and drops the records', () => {
  const store = new Store('hem');
  store.apply(page(0, 9, visit('v', {})));
  write(store, 'd', { kind: 'note', record: 'n', fields: { text: 'ny' } });
  store.welcome({ generation: 'g1', epoch: 1 }, 0);
  assert.equal(store.cursor, 9);
  store.welcome({ generation: 'g2', epoch: 1 }, 0);
  assert.equal(store.cursor, 0);
  assert.deepEqual(store.list('contact').value, []);
  assert.equal(store.list('note').value.length, 1);
  assert.equal(store.records.get(keyOf('hem', 'v')), undefined);
});

test('D9: what came through a room at another epoch goes, and nothing else', () => {
  const store = new Store('hem');
  const shared = (id: string, room: string): WireRecord => ({ org: 'soc', id, kind: 'message', room, f: { text: id } });
  store.apply(page(0, 1, visit('v', {}), shared('a', 'r1.0'), shared('b', 'r1.0'), shared('c', 'r2.0'), shared('d', 'r1.1')));
  const gone = store.shut(['r1.1']);
  assert.deepEqual(gone.map((r) => [r.id, r.left]), [['a', true], ['b', true]]);
  assert.deepEqual(store.list('message').value.map((r) => r.id), ['c', 'd']);
  assert.deepEqual(store.list('contact').value.map((r) => r.id), ['v']);
  assert.deepEqual(store.shut(['r1.1']), []);
});

test('D6: what is missing is not called gone before the last page has come', () => {
  const store = new Store('hem');
  assert.equal(store.whole, false);
  store.apply({ ...page(0, 1, visit('v', { time: 'ten' })), waiting: 5 });
  assert.equal(store.whole, false);
  const again = new Store('hem');
  again.replace([...store.records.values()], { cursor: 1, epoch: 1, generation: 'g', waits: store.waits }); // started anew
  assert.equal(again.whole, false);
  again.apply(page(1, 6, visit('w', { time: 'noon' })));
  assert.equal(again.whole, true);
});

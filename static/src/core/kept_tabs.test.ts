import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeKept, type Kept } from './kept';
import { takeIn as takeInBytes } from './kept_tabs';

const takeIn = (mine: Kept, base: Kept, there: Kept): void => takeInBytes(mine, encodeKept(base), encodeKept(there));

const wrap = (salt: string) => ({ by: 'passphrase' as const, salt });
const kims = (): Kept => ({ device: 'd', now: 'k', last: 'k', lockers: { k: { mark: 'm', wraps: [wrap('old')], tries: 0 } } });

test('a passphrase that another tab has changed stays changed', () => {
  const [mine, there] = [kims(), kims()];
  there.lockers.k.wraps = [wrap('new')];
  mine.lockers.k.contact = 7; // what this tab keeps
  takeIn(mine, kims(), there);
  assert.deepEqual(mine.lockers.k, { mark: 'm', wraps: [wrap('new')], tries: 0, contact: 7 });
});

test('what this tab changed wins over what lies there', () => {
  const [mine, there] = [kims(), kims()];
  mine.lockers.k.tries = 3;
  mine.lockers.k.wraps = [wrap('mine')];
  there.lockers.k.tries = 1;
  takeIn(mine, kims(), there);
  assert.equal(mine.lockers.k.tries, 3);
  assert.deepEqual(mine.lockers.k.wraps, [wrap('mine')]);
});

test('somebody else who came in another tab keeps what they have here', () => {
  const [mine, there] = [kims(), kims()];
  there.now = there.last = 'a';
  there.lockers.a = { mark: 'n', wraps: [wrap('alva')], tries: 0 };
  delete there.lockers.k.secret;
  takeIn(mine, kims(), there);
  assert.deepEqual(mine, there);
});

test('who signed out in another tab stays signed out', () => {
  const base = kims();
  base.lockers.k.secret = 's';
  const [mine, there] = [structuredClone(base), structuredClone(base)];
  delete there.now;
  delete there.lockers.k.secret;
  takeIn(mine, base, there);
  assert.equal(mine.now, undefined);
  assert.equal('secret' in mine.lockers.k, false);
});

test('a locker that was wiped in any tab is gone', () => {
  const there = kims();
  there.lockers = {};
  const mine = kims();
  takeIn(mine, kims(), there);
  assert.deepEqual(mine.lockers, {});
  const wiping = kims();
  wiping.lockers = {};
  takeIn(wiping, kims(), kims());
  assert.deepEqual(wiping.lockers, {});
});

test('what cannot be read takes nothing away', () => {
  const mine = kims();
  takeInBytes(mine, encodeKept(kims()), new TextEncoder().encode('{"dev'));
  assert.deepEqual(mine, kims());
});

test('a locker is changed where it stands: who holds it goes on with it', () => {
  const [mine, there] = [kims(), kims()];
  const held = mine.lockers.k;
  there.lockers.k.wrong = 1;
  takeIn(mine, kims(), there);
  assert.equal(mine.lockers.k, held);
  assert.equal(held.wrong, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowed, choices, choose, chosen, isDue, watch } from './lock';
import { waitAfter } from './door';

const minute = 60_000;
const limits = { unused: 10, hidden: 2 };
const t = 1_000 * minute;

test('it stays open while it is used and in sight', () => {
  assert.equal(isDue(t, t, t, limits), false);
  assert.equal(isDue(t, t - 10 * minute, t, limits), false);
  assert.equal(isDue(t, t - 2 * minute, t - 2 * minute, limits), false);
});

test('it locks when it was not used, or out of sight, for too long', () => {
  assert.equal(isDue(t, t - 10 * minute - 1, t, limits), true);
  assert.equal(isDue(t, t, t - 2 * minute - 1, limits), true);
});

test('a clock that was turned back gives no more time', () => {
  assert.equal(isDue(t - 30 * minute, t, t, limits), true);
});

test('wrong tries wait longer and longer, up to a minute', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 8, 10].map(waitAfter), [0, 0, 0, 2, 4, 8, 60, 60]);
});

test('the night before a locked screen does not lock it again in the morning', (at) => {
  at.mock.timers.enable({ apis: ['setInterval', 'Date'], now: t });
  const kept = new Map<string, string>();
  const heard = new Map<string, () => void>();
  const listen = (name: string, then: () => void) => void heard.set(name, then);
  Object.assign(globalThis, {
    addEventListener: listen,
    document: { visibilityState: 'visible', documentElement: { dataset: {} }, addEventListener: listen },
    localStorage: { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value) },
  });
  const pass = (minutes: number) => { for (let n = 0; n < minutes * 12; n++) at.mock.timers.tick(5_000); };
  let shut = true;
  let locked = 0;
  watch(() => void locked++, () => shut, () => ({}));
  pass(9 * 60);
  heard.get('keydown')!(); // the passphrase
  shut = false;
  pass(9);
  assert.equal(locked, 0, 'locked although it was just unlocked');
  heard.get('pointerdown')!();
  pass(9);
  assert.equal(locked, 0, 'locked although it is used');
  pass(2);
  assert.ok(locked > 0, 'not locked although nobody used it');
});

test('a person may choose less than the organisation allows, never more', () => {
  const kept = new Map<string, string>();
  Object.assign(globalThis, { localStorage: { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value) } });
  assert.deepEqual(chosen(allowed({})), { unused: 10, hidden: 2 }, 'nothing decided, nothing chosen');
  assert.deepEqual(chosen(allowed({ unused: 3, hidden: 1 })), { unused: 3, hidden: 1 });
  choose('unused', 5);
  assert.deepEqual(chosen({ unused: 20, hidden: 4 }), { unused: 5, hidden: 4 });
  assert.deepEqual(chosen({ unused: 3, hidden: 4 }), { unused: 3, hidden: 4 }, 'chosen before less was allowed');
  assert.deepEqual(choices('unused', 7), [2, 5, 7]);
  assert.deepEqual(choices('hidden', 1), [1]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDue } from './lock';
import { waitAfter } from './door';

const minute = 60_000;
const limits = { unused: 10 * minute, hidden: 2 * minute };
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLeaseOver } from './door_open';

const day = 86_400_000;
const met = 1_000 * day;

test('a week without the server is allowed, and no more', () => {
  assert.equal(isLeaseOver({ contact: met, seen: met }, met + 7 * day), false);
  assert.equal(isLeaseOver({ contact: met, seen: met }, met + 7 * day + 1), true);
});

test('a clock that was turned back gives no more time', () => {
  assert.equal(isLeaseOver({ contact: met, seen: met + 8 * day }, met + day), true);
});

test('what was never met is asked for', () => {
  assert.equal(isLeaseOver({}, met), true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Courier } from './parcel';

const parcel = { contact: 'v1' };

test('a parcel is given once, to the page it is for', () => {
  const c = new Courier();
  c.hand(parcel, 0);
  assert.equal(c.take('v1', 100), parcel);
  assert.equal(c.take('v1', 101), 'none');
  c.hand(parcel, 0);
  assert.equal(c.take('v2', 100), 'none');
  assert.equal(c.take('v1', 101), 'none'); // somebody asked for another: it is not lying about
});

test('a parcel that nobody takes is forgotten', () => {
  const c = new Courier();
  c.hand(parcel, 0);
  assert.equal(c.take('v1', 10_001), 'none');
  c.hand(parcel, 0);
  c.forget(10_001);
  assert.equal(c.take('v1', 0), 'none');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costFor, floor, plainPassphrase } from './wraps';

test('the cost is about half a second, and never under the floor', () => {
  assert.deepEqual(costFor(5_000), floor); // a slow phone waits
  assert.deepEqual(costFor(500), floor);
  const quick = costFor(120);
  assert.ok(quick.memory > floor.memory && quick.memory <= 64 << 10 && quick.passes >= 2, JSON.stringify(quick));
  const share = (c: { memory: number; passes: number }) => (c.memory * c.passes) / (floor.memory * floor.passes);
  assert.ok(share(quick) * 120 > 300 && share(quick) * 120 < 520, String(share(quick) * 120));
  const fastest = costFor(1);
  assert.deepEqual(fastest, { memory: 64 << 10, passes: 8 });
  for (let took = 1; took < 2_000; took += 7) {
    const c = costFor(took);
    assert.ok(c.memory >= floor.memory && c.passes >= floor.passes, `${took} ms`);
  }
});

test('capitals and spaces that phones put there do not count', () => {
  assert.equal(plainPassphrase('  Björk  Lykta\u00a0moln Hatt '), 'björk lykta moln hatt');
  assert.equal(plainPassphrase('bjo\u0308rk'), 'björk');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress } from './progress';

test('a long fetch goes on where it was, and never backwards', () => {
  const p = new Progress();
  const shares = [400, 300, 300, 350, 200, 199, 1].map((waiting) => p.waits(waiting)!);
  assert.deepEqual(shares.map((s) => [s.done, s.total]), [[0, 400], [100, 400], [100, 400], [100, 450], [250, 450], [251, 450], [449, 450]]);
  for (let i = 1; i < shares.length; i++) assert.ok(shares[i].share >= shares[i - 1].share, `step ${i} goes back`);
  assert.ok(shares.at(-1)!.share < 1);
  assert.equal(p.waits(0), null);
});

test('after a restart of the app it counts what came before', () => {
  const before = new Progress();
  before.waits(400);
  const { done } = before.waits(150)!;
  const after = new Progress(done);
  assert.deepEqual(after.waits(150), { done: 250, total: 400, share: 0.625, bytes: 0 });
});

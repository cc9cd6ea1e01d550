import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rec } from '../../core/api';
import { dayFor } from './day';

const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
const now = at(18, 12);
const contact = (id: string, planned_at: number | null, f: object = {}): Rec =>
  ({ org: 'o', id, kind: 'contact', n: {}, unsent: false, f: { people: ['kim'], form: 'visit', planned_at, outcome: null, cancelled: null, ...f } });
const met = (day: number, hour: number, by = 'kim') => ({ outcome: { answer: 'met', at: at(day, hour), by } });
const ids = (list: Rec[]) => list.map((c) => c.id);

test('the day in the order it is walked', () => {
  const day = dayFor([
    contact('third', at(18, 16)), contact('first', at(18, 13)), contact('done', at(18, 9), met(18, 9)), contact('second', at(18, 15)),
    contact('tomorrow', at(19, 9)), contact('theirs', at(18, 14), { people: ['alva'] }),
  ], 'kim', now);
  assert.equal(day.next?.id, 'first');
  assert.deepEqual(ids(day.later), ['second', 'third']);
  assert.deepEqual(ids(day.done), ['done']);
  assert.equal(day.total, 4);
  assert.equal(day.coming?.id, 'tomorrow');
});

test('what was taken away is told and not counted; what was not done is left', () => {
  const day = dayFor([contact('paid', at(18, 15), { cancelled: { because: 'paid', at: now } }), contact('old', at(16, 15)), contact('gone', at(16, 15), { cancelled: { because: 'paid', at: now } })], 'kim', now);
  assert.deepEqual([ids(day.cancelled), ids(day.left), day.total, day.next], [['paid'], ['old'], 0, undefined]);
});

test('an unplanned meeting counts on the day it happened', () => {
  const day = dayFor([contact('met', null, met(18, 10)), contact('before', null, met(17, 10))], 'kim', now);
  assert.deepEqual([ids(day.done), day.total], [['met'], 1]);
});

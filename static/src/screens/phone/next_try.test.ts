import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestions } from './next_try';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime(); // 18 November 2026 is a Wednesday
const now = at(18, 14, 38);
const none = { children: false };

test('an evening first, then before school', () => {
  const tried = [at(9, 10), at(11, 13), at(16, 10), now].map((a) => ({ at: a }));
  assert.deepEqual(suggestions(tried, now, { children: true }), [
    { at: at(19, 17, 30), because: 'evening', days: 4 },
    { at: at(20, 8), because: 'before_school', days: 4 },
  ]);
});

test('an hour that was tried is not proposed again', () => {
  const tried = [at(17, 18), at(18, 8)].map((a) => ({ at: a }));
  assert.deepEqual(suggestions(tried, now, none).map((s) => s.because), ['weekend', 'other_day']);
});

test('nobody is sent on a weekday evening that is a Saturday', () => {
  const friday = at(20, 15);
  assert.deepEqual(suggestions([{ at: friday }], friday, none).map((s) => s.at), [at(23, 17, 30), at(24, 8)]);
});

test('never after the eviction', () => {
  const got = suggestions([{ at: now }], now, { children: false, eviction: at(20, 7) });
  assert.deepEqual(got.map((s) => s.at), [at(19, 17, 30)]);
});

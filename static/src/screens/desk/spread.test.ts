import { test } from 'node:test';
import assert from 'node:assert/strict';
import { clockText, instant, minutesOf, spread, startFor } from './spread';

test('times follow each other in even steps', () => {
  assert.deepEqual(spread(9 * 60, 30, 4).map(clockText), ['09:00', '09:30', '10:00', '10:30']);
});

test('times that would pass midnight stay on the day', () => {
  assert.deepEqual(spread(23 * 60, 30, 4).map(clockText), ['23:00', '23:30', '23:45', '23:45']);
});

test('the day begins at the next half-hour, and at nine when that is too early, too late or another day', () => {
  const at = (clock: string) => minutesOf(clock)!;
  assert.equal(clockText(startFor(at('10:10'), 30, 12, true)), '10:30');
  assert.equal(clockText(startFor(at('10:30'), 30, 12, true)), '11:00');
  assert.equal(clockText(startFor(at('06:00'), 30, 12, true)), '09:00');
  assert.equal(clockText(startFor(at('18:00'), 30, 12, true)), '09:00');
  assert.equal(clockText(startFor(at('18:00'), 30, 1, true)), '18:30');
  assert.equal(clockText(startFor(at('14:00'), 30, 1, false)), '09:00');
});

test('an empty or broken field is no time', () => {
  assert.equal(minutesOf(''), null);
  assert.equal(minutesOf('x'), null);
  assert.equal(minutesOf('08:05:30'), 485);
  assert.equal(instant('', 60), null);
});

test('a day and minutes are an instant of the local day', () => {
  const at = new Date(instant('2026-11-24', 14 * 60 + 30)!);
  assert.deepEqual([at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes()], [2026, 10, 24, 14, 30]);
});

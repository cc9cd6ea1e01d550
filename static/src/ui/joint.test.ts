import assert from 'node:assert/strict';
import test from 'node:test';
import { answerTo, pairsOf, standOf, waitsForUs, type Stand } from './joint';
import type { Rec } from '../core/api';

const ten = 1000;
const eleven = 1100;
const time = (id: string, state: string, at: number, more: Partial<Rec> & { answers?: string; purpose?: string } = {}): Rec =>
  ({ id, kind: 'appointment', org: more.room ? 'them' : 'us', room: more.room, f: { state, planned_at: at, purpose: more.purpose ?? 'meeting', answers: more.answers }, n: {}, unsent: false }) as unknown as Rec;
const theirs = { room: 'r.0' };

test('a joint time is read from two records that nobody merges', () => {
  // our proposal, their answer: their state and time; ours
  const table: [string, [string, number], [string, number] | null, Stand][] = [
    ['nobody has answered', ['proposed', ten], null, 'asked'],
    ['we took it back', ['cancelled', ten], null, 'cancelled'],
    ['they said yes', ['proposed', ten], ['agreed', ten], 'agreed'],
    ['they said no', ['proposed', ten], ['declined', ten], 'turned_down'],
    ['they propose another', ['proposed', ten], ['proposed', eleven], 'differ'],
    ['we took theirs', ['agreed', eleven], ['proposed', eleven], 'agreed'],
    ['we moved it after their yes', ['proposed', eleven], ['agreed', ten], 'asked'],
    ['they moved it after our yes', ['agreed', ten], ['proposed', eleven], 'asks'],
    ['both hold to their own', ['agreed', ten], ['agreed', eleven], 'differ'],
    ['we propose another after their no', ['proposed', eleven], ['declined', ten], 'asked'],
    ['they called it off', ['proposed', ten], ['cancelled', ten], 'called_off'],
    ['we called it off after their yes', ['cancelled', ten], ['agreed', ten], 'cancelled'],
    ['both did', ['cancelled', ten], ['cancelled', ten], 'cancelled'],
  ];
  for (const [name, [s1, t1], answer, want] of table) {
    const records = [time('a', s1, t1), ...(answer ? [time('a-a', answer[0], answer[1], { ...theirs, answers: 'a' })] : [])];
    const [pair, ...more] = pairsOf(records);
    assert.equal(more.length, 0, name);
    assert.equal(standOf(pair), want, name);
  }
});

test('the other way round', () => {
  const stand = (...records: Rec[]) => standOf(pairsOf(records)[0]);
  assert.equal(stand(time('b', 'proposed', ten, theirs)), 'asks');
  assert.equal(stand(time('b', 'cancelled', ten, theirs)), 'cancelled');
  assert.equal(stand(time('b', 'proposed', ten, theirs), time('b-a', 'declined', ten, { answers: 'b' })), 'declined');
  assert.equal(stand(time('b', 'proposed', eleven, theirs), time('b-a', 'declined', ten, { answers: 'b' })), 'asks');
  assert.equal(stand(time('b', 'cancelled', ten, theirs), time('b-a', 'agreed', ten, { answers: 'b' })), 'called_off');
  assert.equal(stand(time('b-a', 'agreed', ten, { answers: 'b' })), 'alone'); // their side went out of view
  assert.equal(stand(time('b', 'proposed', ten, theirs), time('b-a', 'agreed', ten, { answers: 'b', purpose: 'joint_visit' })), 'asks'); // not the same thing
});

test('what waits for us', () => {
  const waits = (...records: Rec[]) => waitsForUs(pairsOf(records)[0], 500);
  assert.ok(waits(time('b', 'proposed', ten, theirs)));
  assert.ok(waits(time('a', 'proposed', ten), time('a-a', 'proposed', eleven, { ...theirs, answers: 'a' })));
  assert.ok(waits(time('b', 'cancelled', ten, theirs), time('b-a', 'agreed', ten, { answers: 'b' })));
  assert.ok(!waits(time('a', 'proposed', ten)));
  assert.ok(!waitsForUs(pairsOf([time('b', 'proposed', ten, theirs)])[0], 2000)); // it is past
});

test('times are in their order, each with its answer', () => {
  const pairs = pairsOf([time('late', 'proposed', eleven), time(answerTo('soon'), 'agreed', ten, { answers: 'soon' }), time('soon', 'proposed', ten, theirs)]);
  assert.deepEqual(pairs.map((p) => p.id), ['soon', 'late']);
  assert.ok(pairs[0].own && pairs[0].theirs);
});

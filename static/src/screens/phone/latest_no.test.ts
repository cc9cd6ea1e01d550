import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rec } from '../../core/api';
import { latestNo } from './latest_no';

const rec = (kind: string, id: string, f: Record<string, unknown>): Rec => ({ org: 'soc', id, kind, f, n: {}, unsent: false });
const of = (...records: Rec[]) => latestNo((kind) => records.filter((r) => r.kind === kind), 'k');

test('a landlord\'s phone goes by the latest mark of a no', () => {
  const marks = [
    rec('consent_mark', 'm1', { case: 'k', answer: 'declined', giving: 'no1', at: 1 }),
    rec('consent_mark', 'm2', { case: 'k', answer: 'given', giving: 'yes', at: 2 }),
    rec('consent_mark', 'm3', { case: 'k', answer: 'withdrawn', giving: 'back', at: 3 }),
    rec('consent_mark', 'm4', { case: 'k', answer: 'asked', giving: 'later', at: 4 }),
    rec('consent_mark', 'm5', { case: 'other', answer: 'declined', giving: 'no2', at: 5 }),
  ];
  assert.equal(of(...marks), 'back');
  assert.equal(of(...marks.slice(0, 2)), 'no1');
  assert.equal(of(marks[1], rec('consent_mark', 'm6', { case: 'k', answer: 'declined' })), 'm6'); // of an older app
  assert.equal(of(marks[1]), undefined);
});

test('social services go by the latest answer itself: a no to one of several, or a withdrawal under the same handle', () => {
  const file = [
    rec('case', 'k', { handles: ['h1'] }),
    rec('giving', 'yes', { answer: 'given', handle: 'h2' }), rec('case_link', 'l1', { of: 'yes', case: 'k', at: 1 }),
    rec('giving', 'no', { answer: 'declined', handle: 'h2' }), rec('case_link', 'l2', { of: 'no', case: 'k', at: 2 }),
  ];
  assert.equal(of(...file), 'no');
  assert.equal(of(...file, rec('withdrawal', 'w', { case: 'k', at: 3 })), 'w');
  assert.equal(of(...file, rec('withdrawal', 'w', { handle: 'h1', at: 3 })), 'w');
  assert.equal(of(...file, rec('withdrawal', 'w', { handle: 'h2', at: 1 })), 'no');
  assert.equal(of(...file, rec('withdrawal', 'w', { handle: 'h3', at: 3 })), 'no'); // of another case
  assert.equal(of(...file, rec('case_link', 'l3', { of: 'no', case: 'other', at: 4 })), undefined); // it was linked elsewhere since
});

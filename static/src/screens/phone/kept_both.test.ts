import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Rec } from '../../core/api';
import { bothShown, valuesOf } from './kept_both';

const rec = (id: string, kind: string, f: object): Rec => ({ org: 'o', id, kind, n: {}, unsent: false, f });
const home = (f: object) => rec('h', 'household', f);
const version = (commit: string, v: unknown, by: string, at: number) => ({ commit, v, by, at });
const conflict = (f: object) => rec('x', 'conflict', { kind: 'household', record: 'h', field: 'safety', state: 'open', versions: [version('1', 'Hund.', 'jonna', 10), version('2', 'Gå två.', 'maj', 20)], ...f });
const words = (safety: unknown, ...conflicts: Rec[]) => valuesOf(home({ safety }), 'safety', conflicts).all.map((value) => value.v);

test('one value stands alone, and an empty field has none', () => {
  assert.deepEqual(valuesOf(home({ safety: 'Hund.' }), 'safety', []), { all: [{ v: 'Hund.' }], settle: undefined });
  assert.deepEqual(words(null), []);
  assert.deepEqual(valuesOf(undefined, 'safety', [conflict({})]).all, []);
});

test('both values of an open conflict are there, with who and when', () => {
  const { all, settle } = valuesOf(home({ safety: 'Hund.' }), 'safety', [conflict({})]);
  assert.deepEqual(all, [{ v: 'Hund.', by: 'jonna', at: 10 }, { v: 'Gå två.', by: 'maj', at: 20 }]);
  assert.equal(settle?.id, 'x');
});

test('an advice stays when a colleague emptied the field at the same time, whoever was first', () => {
  const emptied = [version('1', null, 'jonna', 10), version('2', 'Gå två.', 'maj', 20)];
  assert.deepEqual(words(null, conflict({ versions: emptied })), ['Gå två.', '']);
  assert.deepEqual(words('Gå två.', conflict({ versions: emptied.reverse() })), ['Gå två.', '']);
});

test('what was written since comes first, and puts nothing aside that nobody has chosen about', () => {
  assert.deepEqual(words('Ring först.', conflict({})), ['Ring först.', 'Hund.', 'Gå två.']);
});

test('two conflicts about one field: every value once', () => {
  assert.deepEqual(words('Hund.', conflict({}), conflict({ versions: [version('1', 'Hund.', 'jonna', 10), version('3', 'Ring först.', 'peder', 30)] })), ['Hund.', 'Gå två.', 'Ring först.']);
});

test('after a choice there is one; a choice that has not come to the server leaves both', () => {
  assert.deepEqual(words('Gå två.', conflict({ state: 'settled', choice: '2' })), ['Gå två.']);
  assert.deepEqual(words('Hund.', conflict({ choice: '2' })), ['Hund.', 'Gå två.']);
});

test('both right: both are shown until somebody who has seen them writes something new', () => {
  const both = conflict({ state: 'settled', choice: 'both' });
  assert.deepEqual(valuesOf(home({ safety: 'Hund.' }), 'safety', [both]).settle, undefined);
  assert.deepEqual(words('Hund.', both), ['Hund.', 'Gå två.']);
  assert.deepEqual(words('Hund. Gå två.', both), ['Hund. Gå två.']);
});

test('another field, another household, and what a word has decided are not in it', () => {
  assert.deepEqual(words('Hund.', conflict({ field: 'door_code' }), conflict({ record: 'other' }), conflict({ state: 'kept' })), ['Hund.']);
});

test('the fields that are shown both are those that rules.md keeps both of', () => {
  const rows = readFileSync(join(process.env.BOKVAR_ROOT!, 'sync/rules/rules.md'), 'utf8').split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const fields = rows.filter((row) => row[4] === 'keep-both').flatMap((row) => row[3].split(', ').map((field) => `${row[2]}.${field}`));
  assert.deepEqual(bothShown, fields);
});

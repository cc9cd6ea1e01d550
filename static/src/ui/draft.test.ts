import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editOf, formOf, textOf } from './draft';

const begin = { day: '2026-03-01', text: '', concerns: [] as string[] };

test('a form is there again as it was typed, also what it began with', () => {
  const kept = textOf({ ...begin, text: 'halvt' }, begin);
  assert.deepEqual(formOf(kept, { ...begin, day: '2026-03-02' }), { day: '2026-03-01', text: 'halvt', concerns: [] });
});

test('of a form that says what it began with nothing is kept', () => {
  assert.equal(textOf({ ...begin, text: '' }, begin), '');
  assert.equal(textOf(formOf(textOf({ ...begin, concerns: ['nadia'] }, begin), begin), begin), '{"day":"2026-03-01","text":"","concerns":["nadia"]}');
  assert.deepEqual(formOf('', begin), begin);
});

test('what another version of the app kept: unreadable is nothing, and a new field has its beginning', () => {
  assert.deepEqual(formOf('halvskrivet', begin), begin);
  assert.deepEqual(formOf('{"text":"halvt"}', begin), { ...begin, text: 'halvt' });
});

test('of what is changed only what was typed is kept; the rest follows what is stored', () => {
  const stored = { door_code: '1234', safety: '', people: ['kim'] };
  const kept = editOf({ safety: 'Ring på två' }, stored);
  assert.equal(kept, '{"safety":"Ring på två"}');
  assert.deepEqual(formOf(kept, { ...stored, door_code: '4711' }), { door_code: '4711', safety: 'Ring på två', people: ['kim'] });
});

test('a field that says what is stored is not kept, also when somebody else wrote the same meanwhile', () => {
  const stored = { door_code: '1234', safety: '', people: ['kim'] };
  assert.equal(editOf({ door_code: '1234', people: ['kim'] }, stored), '');
  assert.equal(editOf({ door_code: '4711', safety: 'Ring' }, { ...stored, door_code: '4711' }), '{"safety":"Ring"}');
  assert.equal(editOf({ door_code: '' }, stored), '{"door_code":""}'); // it is to be taken away
});

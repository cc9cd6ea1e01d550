import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack, unpack, type Takeout } from './takeout';

const content: Takeout = {
  person: 'kim.strandvik', name: 'Kim Strandvik', org: 'hem', at: 5, drafts: [['note:v1', 'halvskrivet']],
  entries: [{ id: 'c1', at: 4, raw: '{"id":"c1"}', changes: [{ kind: 'note', record: 'n1', fields: { text: { v: 'Öppnade på glänt' } } }], made: [true] }],
};

test('what was taken out comes back whole, with the code however it is written', async () => {
  const { file, code } = await pack(content);
  assert.match(code, /^[2-9A-HJKMNP-TV-Z]{16}$/);
  assert.deepEqual(await unpack(file, ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `), content);
});

test('the file says nothing without its code, and a code fits one file', async () => {
  const { file, code } = await pack(content);
  const text = await file.text();
  for (const word of ['glänt', 'halvskrivet', 'Kim Strandvik', 'kim.strandvik', 'note:v1', code]) assert.ok(!text.includes(word), word);
  const other = await pack(content);
  await assert.rejects(unpack(file, other.code), { code: 'wrong_code' });
  assert.notEqual(code, other.code);
});

test('another file is told from a wrong code', async () => {
  for (const text of ['', 'hej', '{}', '{"kind":"bokvar-takeout","version":2,"salt":"","sealed":""}', '[1]', 'null']) {
    await assert.rejects(unpack(new Blob([text]), 'ABCD'), { code: 'not_a_takeout' }, text);
  }
});

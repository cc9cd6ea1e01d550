import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteLength, maxMessage, packCommits, readMessage } from './wire';

test('commits go in messages that a slow network carries before anybody doubts; a larger one goes alone', () => {
  const raws = [...Array.from({ length: 20 }, () => JSON.stringify({ text: 'x'.repeat(8_000) })), JSON.stringify({ text: 'x'.repeat(170_000) })];
  const messages = packCommits(raws);
  assert.ok(messages.slice(0, -1).every((m) => byteLength(m) <= 33_000));
  assert.equal(JSON.parse(messages.at(-1)!).commits.length, 1);
});

test('commits are packed in order, under the limit', () => {
  const raws = Array.from({ length: 40 }, (_, i) => JSON.stringify({ id: String(i), text: 'å'.repeat(10_000) }));
  const messages = packCommits(raws);
  assert.ok(messages.length > 1);
  for (const m of messages) assert.ok(byteLength(m) <= maxMessage);
  const all = messages.flatMap((m) => JSON.parse(m).commits.map((c: { id: string }) => c.id));
  assert.deepEqual(all, raws.map((_, i) => String(i)));
});

test('what this version does not know is left', () => {
  assert.equal(readMessage('{"type":"song"}'), null);
  assert.equal(readMessage('no json'), null);
  assert.equal(readMessage('null'), null);
});

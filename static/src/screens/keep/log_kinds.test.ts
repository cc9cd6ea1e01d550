import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import texts from '../../text/keep.sv';
import { kinds } from './log_kinds';

test('all that the log can say is of one kind, and has its words', () => {
  const source = readFileSync(join(process.env.BOKVAR_ROOT!, 'internal', 'audit', 'chain.go'), 'utf8');
  const block = /The words for what was done[^]*?const \(([^]*?)\n\)/.exec(source)![1];
  const words = [...block.matchAll(/= "([a-z_]+)"/g)].map((m) => m[1]);
  assert.ok(words.length > 30, `only ${words.length} words: the test looks in the wrong place`);
  assert.deepEqual(Object.values(kinds).join(' ').split(' ').sort(), [...words].sort());
  for (const word of words) assert.ok(`log.did.${word}` in texts, word);
});

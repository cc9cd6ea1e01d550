import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyHash, newCode, showCode } from './copy';

test('a code has ten letters that people do not mix up, and no two are equal', () => {
  const codes = Array.from({ length: 200 }, newCode);
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{10}$/);
  assert.equal(new Set(codes).size, codes.length);
  assert.equal(showCode('7ZK4M9QW2X'), '7ZK4M-9QW2X');
});

// The server works out the same; see internal/casework/copy_test.go.
test('the hash', async () => assert.equal(await copyHash('7ZK4M9QW2X'), '02f4b306fe03ae1b7f329b9ea5fdf2c820b30590406d785e997b3e28ef282862'));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyAddress, copyHash, newCode, newSecret, showCode } from './copy';
import { qrPath } from './qr';

test('a code has ten letters that people do not mix up, and no two are equal', () => {
  const codes = Array.from({ length: 200 }, newCode);
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{10}$/);
  assert.equal(new Set(codes).size, codes.length);
  assert.equal(showCode('7ZK4M9QW2X'), '7ZK4M-9QW2X');
});

// The server works out the same; see internal/casework/copy_test.go.
test('the hash', async () => assert.equal(await copyHash('7ZK4M9QW2X'), '02f4b306fe03ae1b7f329b9ea5fdf2c820b30590406d785e997b3e28ef282862'));

test('a secret has 130 random bits, and lies where no server is sent it', () => {
  const secrets = Array.from({ length: 200 }, newSecret);
  for (const secret of secrets) assert.match(secret, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.equal(new Set(secrets).size, secrets.length);
  const url = new URL(copyAddress('https://bokvar.example', secrets[0], 'ar'));
  assert.equal(url.hash, `#${secrets[0]}`);
  assert.equal(url.pathname + url.search, '/withdraw?lang=ar');
});

test('the square has its three corners, a quiet edge, and says what it is given', () => {
  const { size, path } = qrPath('https://bokvar.example/withdraw#7ZK4M9QW2X7ZK4M9QW2X7ZK4M9');
  const dark = (x: number, y: number) => path.includes(`M${x} ${y}h1v1h-1z`);
  const far = size - 11; // of a corner: seven modules and the edge of four
  for (const [left, top] of [[4, 4], [far, 4], [4, far]]) {
    for (let i = 0; i < 7; i++) assert.ok(dark(left + i, top) && dark(left + i, top + 6) && dark(left, top + i), `corner ${left},${top}`);
    assert.ok(!dark(left + 1, top + 1) && dark(left + 3, top + 3));
  }
  for (let i = 0; i < size; i++) for (let edge = 0; edge < 4; edge++) assert.ok(!dark(i, edge) && !dark(edge, i));
  assert.notEqual(path, qrPath('https://bokvar.example/withdraw#7ZK4M9QW2X7ZK4M9QW2X7ZK4MA').path);
});

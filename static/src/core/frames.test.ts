import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, encodeFrames, scanFrames } from './frames';

const bytes = (s: string) => new TextEncoder().encode(s);
const words = (scan: { payloads: Uint8Array[] }) => scan.payloads.map((p) => new TextDecoder().decode(p));

test('the CRC is the usual one', () => assert.equal(crc32(bytes('123456789')), 0xcbf43926));

test('what was written is read', () => {
  const scan = scanFrames(encodeFrames([bytes('ett'), bytes(''), bytes('två')], 7));
  assert.deepEqual(words(scan), ['ett', '', 'två']);
  assert.equal(scan.next, 10);
});

test('a journal cut off anywhere keeps every whole record before the cut', () => {
  const whole = encodeFrames([bytes('ett'), bytes('två'), bytes('tre')], 0);
  const ends = [1, 2, 3].map((n) => encodeFrames([bytes('ett'), bytes('två'), bytes('tre')].slice(0, n), 0).length);
  for (let cut = 0; cut <= whole.length; cut++) {
    const scan = scanFrames(whole.slice(0, cut));
    assert.equal(scan.payloads.length, ends.filter((e) => e <= cut).length, `cut at ${cut}`);
    assert.equal(scan.good, Math.max(0, ...ends.filter((e) => e <= cut)));
  }
});

test('a changed byte ends the journal there', () => {
  const whole = encodeFrames([bytes('ett'), bytes('två')], 0);
  const first = encodeFrames([bytes('ett')], 0).length;
  for (let i = 0; i < whole.length; i++) {
    const changed = whole.slice();
    changed[i] ^= 1;
    assert.equal(scanFrames(changed).payloads.length, i < first ? 0 : 1, `byte ${i}`);
  }
});

test('a record that is out of line ends the journal', () => {
  const joined = new Uint8Array([...encodeFrames([bytes('a')], 0), ...encodeFrames([bytes('b')], 5)]);
  assert.deepEqual(words(scanFrames(joined)), ['a']);
});

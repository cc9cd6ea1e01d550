import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MaxStrokes, thin, toStrokes, type Point, type Strokes } from './strokes';

const wave = (points: number): Point[] =>
  Array.from({ length: points }, (_, i): Point => [Math.round(i * 10000 / points) / 10, Math.round(3000 + 1000 * Math.sin(i / 40)) / 10, i * 4, 0.5]);

test('points are in thousandths of the width, and time starts at nothing', () => {
  const got = toStrokes([{ points: [{ x: 32, y: 16, time: 1_000, pressure: 0.333 }, { x: 64, y: 16, time: 1_016, pressure: 0 }] }], 320);
  assert.deepEqual(got, [[[100, 50, 0, 0.33], [200, 50, 16, 0]]]);
});

test('a small signature stays as it is', () => {
  const small = [wave(50)];
  assert.deepEqual(thin(small), small);
});

test('a large one fits, keeps its ends and its strokes', () => {
  const large: Strokes = [wave(3000), wave(3000)];
  assert.ok(JSON.stringify(large).length > MaxStrokes);
  const got = thin(large);
  assert.ok(JSON.stringify(got).length <= MaxStrokes);
  assert.equal(got.length, 2);
  assert.deepEqual([got[0][0], got[0].at(-1)], [large[0][0], large[0].at(-1)]);
  assert.ok(got[0].length > 20, 'the curve is still there');
});

test('even thousands of dots fit', () => {
  const dots: Strokes = Array.from({ length: 5000 }, (_, i): Point[] => [[i, i, i, 0.5]]);
  assert.ok(JSON.stringify(thin(dots)).length <= MaxStrokes);
});

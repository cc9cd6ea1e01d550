// A drawn signature as strokes: kept as lines, never as a picture.
// A point is [x, y, t, pressure]: x and y in thousandths of the pad's width,
// t in ms since the first point, pressure from 0 to 1.

export type Point = [number, number, number, number];
export type Strokes = Point[][];

/** What one signer may take, in bytes of JSON. */
export const MaxStrokes = 40_000;

const round = (v: number, places: number) => Math.round(v * 10 ** places) / 10 ** places;

/** From the pad's own points to ours. */
export function toStrokes(groups: { points: { x: number; y: number; time: number; pressure: number }[] }[], width: number): Strokes {
  const start = groups[0]?.points[0]?.time ?? 0;
  return groups.map((g) =>
    g.points.map((p): Point => [
      round((p.x / width) * 1000, 1), round((p.y / width) * 1000, 1), Math.round(p.time - start), round(p.pressure, 2),
    ]),
  );
}

/** Thins until the whole fits: points that lie on the line between their neighbours go first. */
export function thin(strokes: Strokes, limit = MaxStrokes): Strokes {
  let thinned = strokes.filter((s) => s.length > 0);
  for (let tolerance = 0.5; JSON.stringify(thinned).length > limit && tolerance < 64; tolerance *= 2)
    thinned = thinned.map((s) => simplify(s, tolerance));
  while (JSON.stringify(thinned).length > limit) thinned = thinned.slice(0, -1); // thousands of dots: no name
  return thinned;
}

/** Keeps a point only where the line bends by more than the tolerance. */
function simplify(points: Point[], tolerance: number): Point[] {
  if (points.length < 3) return points;
  const keep = new Set([0, points.length - 1]);
  const work: [number, number][] = [[0, points.length - 1]];
  for (let span = work.pop(); span; span = work.pop()) {
    const [from, to] = span;
    let worst = 0;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const d = distance(points[i], points[from], points[to]);
      if (d > worst) [worst, at] = [d, i];
    }
    if (worst <= tolerance) continue;
    keep.add(at);
    work.push([from, at], [at, to]);
  }
  return points.filter((_, i) => keep.has(i));
}

function distance(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) return Math.hypot(p[0] - a[0], p[1] - a[1]);
  return Math.abs(dy * (p[0] - a[0]) - dx * (p[1] - a[1])) / length;
}

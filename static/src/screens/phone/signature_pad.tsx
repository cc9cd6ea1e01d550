// A pad to sign on with a finger. Keeps strokes; the colour is the screen's own.
import SignaturePad from 'signature_pad';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../ui';
import { toStrokes, type Strokes } from './strokes';

interface Props {
  id: string;
  strokes: Strokes;
  onStrokes: (s: Strokes) => void;
  wrong?: string; // id of the message
}

export function Pad({ id, strokes, onStrokes, wrong }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const latest = useRef({ strokes, onStrokes });
  latest.current = { strokes, onStrokes };

  useEffect(() => {
    const place = canvas.current!;
    const made = new SignaturePad(place, { minWidth: 1.2, maxWidth: 3 });
    pad.current = made;
    made.addEventListener('endStroke', () => latest.current.onStrokes(toStrokes(made.toData(), place.clientWidth)));
    const redraw = () => draw(made, place, latest.current.strokes);
    const watch = new ResizeObserver(redraw); // also calls once at the start
    watch.observe(place);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', redraw);
    return () => {
      made.off();
      watch.disconnect();
      scheme.removeEventListener('change', redraw);
    };
  }, []);

  const clear = () => {
    pad.current?.clear();
    onStrokes([]);
  };
  return (
    <div class="pad" id={id} tabIndex={-1}>
      <canvas ref={canvas} role="img" aria-label={t(strokes.length ? 'consent.pad.signed' : 'consent.pad.empty')} aria-describedby={wrong} />
      {strokes.length > 0 && <button class="btn is-small is-quiet" type="button" onClick={clear}>{t('consent.pad.clear')}</button>}
    </div>
  );
}

/** Fits the canvas to its place and draws the strokes again, in the ink of the colour scheme. */
function draw(pad: SignaturePad, canvas: HTMLCanvasElement, strokes: Strokes): void {
  const sharp = Math.max(devicePixelRatio, 1);
  const width = canvas.clientWidth;
  canvas.width = width * sharp;
  canvas.height = canvas.clientHeight * sharp;
  canvas.getContext('2d')!.scale(sharp, sharp);
  pad.penColor = getComputedStyle(canvas).color;
  const groups = strokes.map((s) => ({
    penColor: pad.penColor, dotSize: 0, minWidth: pad.minWidth, maxWidth: pad.maxWidth, velocityFilterWeight: 0.7, compositeOperation: 'source-over' as const,
    points: s.map(([x, y, time, pressure]) => ({ x: (x / 1000) * width, y: (y / 1000) * width, time, pressure })),
  }));
  pad.fromData(groups);
}

// Offers a passphrase: four words, drawn at random from a list of our own.
import { judge } from './judge';
import { words } from './words';

/** Four different words that are good enough for somebody of these names (a Björn is not offered
 * “björn”, and then told that it is his name). Every such choice is equally likely. */
export function suggest(about: string[]): string {
  for (;;) {
    const drawn = new Set<string>();
    while (drawn.size < 4) drawn.add(words[below(words.length)]);
    const offered = [...drawn].join(' ');
    if (judge(offered, about) === 'ok') return offered;
  }
}

/** A random number under n, without favouring the small ones. */
function below(n: number): number {
  const limit = Math.floor(2 ** 32 / n) * n;
  const draw = new Uint32Array(1);
  do crypto.getRandomValues(draw);
  while (draw[0] >= limit);
  return draw[0] % n;
}

// Offers a passphrase: four words, drawn at random from a list of our own.
import { words } from './words';

/** Four different words. Every choice is equally likely. */
export function suggest(): string {
  const drawn = new Set<string>();
  while (drawn.size < 4) drawn.add(words[below(words.length)]);
  return [...drawn].join(' ');
}

/** A random number under n, without favouring the small ones. */
function below(n: number): number {
  const limit = Math.floor(2 ** 32 / n) * n;
  const draw = new Uint32Array(1);
  do crypto.getRandomValues(draw);
  while (draw[0] >= limit);
  return draw[0] % n;
}

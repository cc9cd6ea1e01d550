// Judges a passphrase of one's own: is it worth Argon2id's half a second? Fetched when
// somebody chooses one. It knows what people choose, not what they mean.
import { plainPassphrase } from './wraps';
import { words } from './words';

export const least = 12; // characters
const wanted = 40; // bits; four words from the list have 44

export type Verdict = 'ok' | 'short' | 'easy' | 'name';

const rows = ['abcdefghijklmnopqrstuvwxyzåäö', 'qwertyuiopå', 'asdfghjklöä', 'zxcvbnm', '01234567890'];
const common = [
  'lösenord', 'losenord', 'password', 'passord', 'hemligt', 'hemlig', 'välkommen', 'valkommen', 'welcome', 'sverige', 'sommar', 'vinter', 'höst', 'vår',
  'stockholm', 'göteborg', 'malmö', 'fotboll', 'hockey', 'admin', 'inloggning', 'letmein', 'iloveyou', 'älskar', 'alskar', 'jag', 'dig', 'test', 'bokvar',
  'måndag', 'tisdag', 'onsdag', 'torsdag', 'fredag', 'lördag', 'söndag', 'januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli', 'augusti',
  'september', 'oktober', 'november', 'december', 'mamma', 'pappa', 'hejsan', 'hej', 'kaffe', 'hyresvärd', 'socialtjänst', 'socialtjänsten', 'husvärd',
];

/** How good the passphrase is. `about`: names that anybody would try first. A name is
 * known by its place, so that “salva” is not held against Alva. */
export function judge(typed: string, about: string[]): Verdict {
  const text = plainPassphrase(typed);
  if ([...text].length < least) return 'short';
  const names = new Set(about.flatMap((name) => plainPassphrase(name).split(/[\s-]/)).filter((part) => part.length > 2));
  const found = pieces(text, names);
  if (found.reduce((sum, p) => sum + p.cost, 0) >= wanted) return 'ok';
  return found.some((p) => names.has(p.text)) ? 'name' : 'easy';
}

type Piece = { text: string; cost: number };

/** What an attacker has to try, from left to right: the longest pieces that they know, each with
 * a rough cost in bits. What stands there twice costs next to nothing. */
function pieces(text: string, names: Set<string>): Piece[] {
  const found: Piece[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < text.length; ) {
    const [length, cost] = piece(text, at, names);
    const part = text.slice(at, at + length);
    found.push({ text: part, cost: length > 1 && seen.has(part) ? 1 : cost });
    seen.add(part);
    at += length;
  }
  return found;
}

const known = new Map<string, number>([...words.map((w): [string, number] => [w, Math.log2(words.length)]), ...common.map((w): [string, number] => [w, 5])]);
const longest = 24; // a family name of this length is still known as one

function piece(text: string, at: number, names: Set<string>): [number, number] {
  for (let length = Math.min(longest, text.length - at); length > 2; length--) {
    const part = text.slice(at, at + length);
    const cost = names.has(part) ? 2 : known.get(part);
    if (cost !== undefined) return [length, cost];
  }
  const same = run(text, at, (a, b) => a === b);
  if (same > 2) return [same, 4];
  const inRow = run(text, at, (a, b) => rows.some((row) => row.includes(a + b) || row.includes(b + a)));
  if (inRow > 2) return [inRow, 5];
  const year = /^(19|20)\d\d/.exec(text.slice(at));
  if (year) return [4, 6];
  const c = text[at];
  return [1, c === ' ' ? 0.5 : /\d/.test(c) ? 3.3 : /[a-zåäö]/.test(c) ? 3.5 : 5];
}

function run(text: string, at: number, goesOn: (a: string, b: string) => boolean): number {
  let end = at + 1;
  while (end < text.length && goesOn(text[end - 1], text[end])) end++;
  return end - at;
}

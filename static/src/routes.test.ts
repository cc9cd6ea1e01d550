// Every text that a screen may show is fetched with it: a key of an area that its route
// does not name would stand on the screen as it is. Read from the sources, file by file.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const src = join(process.env.BOKVAR_ROOT!, 'static/src');
const read = (file: string) => readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1'); // without comments

/** What is there before any route's texts: with the first file, and with the lock. */
const always = ['common', 'gate', 'app'];
/** A sentence for a code of the server is only looked up where the dictionary has it (`has`). */
const lookedUp = /^problem\./;

/** Which area a key is in. */
const areaOf = new Map<string, string>();
for (const file of readdirSync(join(src, 'text'))) {
  const area = /^(\w+)\.sv\.ts$/.exec(file)?.[1];
  if (area) for (const [, key] of read(`text/${file}`).matchAll(/^\s*'([\w.]+)':/gm)) areaOf.set(key, area);
}

function resolve(from: string, path: string): string {
  const file = normalize(join(dirname(from), path));
  const found = ['.ts', '.tsx', '/index.ts'].map((end) => file + end).find((f) => existsSync(join(src, f)));
  assert.ok(found, `${from} imports ${path}`);
  return found;
}

/** The file and all that it imports (types aside). */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of read(file).matchAll(/^(?:import|export) (?!type)(?:[^;']*? from )?'(\.[^']+)'/gm)) closure(resolve(file, path), seen);
  return seen;
}

/** The keys that a file names, whole or by how they begin. */
function keysIn(file: string): string[] {
  const text = read(file);
  const whole = [...text.matchAll(/['"`]([a-z_]+(?:\.[a-z_0-9]+)+)['"`]/g)].flatMap(([, key]) => [key, `${key}.one`]);
  const begun = [...text.matchAll(/`([a-z_]+\.[a-z_.0-9]*)\$\{/g)].flatMap(([, start]) => [...areaOf.keys()].filter((key) => key.startsWith(start)));
  return [...whole, ...begun].filter((key) => areaOf.has(key) && !lookedUp.test(key));
}

const source = read('routes.ts');
const files = new Map([...source.matchAll(/const (\w+) = \(\) => import\('([^']+)'\)/g)].map(([, name, path]) => [name, path]));
const declared = [...source.matchAll(/route\('([^']+)', \[([^\]]*)\], (?:(\w+)|\(\) => import\('([^']+)'\)), \(m\) => m\.(\w+)\)/g)];

test('every route is read', () => {
  assert.equal(declared.length, source.split("route('").length - 1);
  assert.ok(declared.length > 30 && areaOf.size > 800, `${declared.length} routes, ${areaOf.size} keys`);
});

for (const [, path, areas, name, direct, screen] of declared)
  test(`${path}: its texts come with it`, () => {
    const area = resolve('routes.ts', files.get(name) ?? direct);
    const from = new RegExp(`export \\{ default as ${screen} \\} from '([^']+)'`).exec(read(area))?.[1];
    const there = [...always, ...[...areas.matchAll(/'(\w+)'/g)].map(([, a]) => a)];
    const missing = [...closure(from ? resolve(area, from) : area)].flatMap((file) =>
      keysIn(file).filter((key) => !there.includes(areaOf.get(key)!)).map((key) => `${key} (${areaOf.get(key)}) in ${file}`));
    assert.deepEqual(missing, []);
  });

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

// What is typed into a field without the word goes into the browser's own database, in clear.
test('no field lets the browser remember what is typed', () => {
  const folder = join(process.env.BOKVAR_ROOT!, 'static/src');
  let fields = 0;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    if (!name.endsWith('.tsx')) continue;
    const source = readFileSync(join(folder, name), 'utf8');
    for (const at of source.matchAll(/<(input|textarea)\b/g)) {
      const tag = source.slice(at.index, tagEnd(source, at.index));
      if (/type="(checkbox|radio|file|hidden|date|time|datetime-local|range)"|\{\.\.\.field\}/.test(tag)) continue;
      fields++;
      assert.match(tag, /auto[cC]omplete="off"/, `${name}: ${tag.slice(0, 120)}`);
    }
  }
  assert.ok(fields > 20, `only ${fields} fields were found`);
});

/** Where the tag that begins at `from` ends: the first > outside braces. */
function tagEnd(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}') depth--;
    else if (source[at] === '>' && depth === 0) return at;
  }
  return source.length;
}

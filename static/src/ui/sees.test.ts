import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

/** Files with a field to type in that say nothing of who sees it, and why they need not. */
const needNot: Record<string, string> = {
  'desk/pick_list.tsx': 'a search in a list: nothing is written',
  'desk/plan_form.tsx': 'fields alone; the forms around them say it',
  'desk/plan_times.tsx': 'fields alone; the planning screen says it',
  'devices.tsx': 'what a phone is called: of no case',
  'gate/code.tsx': 'a code to sign in with',
  'gate/enrol.tsx': 'a passphrase, which stays on the phone',
  'gate/open.tsx': 'the same',
  'import.tsx': 'a file is chosen, and its own screen says what follows',
  'keep/erasure.tsx': 'why an erasure is put off: of the organisation, and its own row of access.md',
  'keep/log.tsx': 'a search: nothing is written',
  'keep/phone_limits.tsx': 'how long phones stay open: of no case, and its own row of access.md',
  'keep/rescue.tsx': 'a code that somebody keeps on paper',
  'keep/search.tsx': 'a search: nothing is written',
  'people.tsx': 'a search in a list: nothing is written',
  'phone/consent_parts.tsx': 'the tenant says who may see what: the whole screen is about it',
  'phone/household_search.tsx': 'a search: nothing is written',
  'recovery.tsx': 'a colleague is let in anew: of no case',
  'takeout.tsx': 'the code of a locked file',
};

const field = /<textarea|<TextField|<Field\b|<input class="input"/;
const says = /<Sees\b|<WhoSees\b|sees=\{/;

const sources = (folder: string, under = ''): [string, string][] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? sources(join(folder, e.name), `${under}${e.name}/`) : e.name.endsWith('.tsx') ? [[under + e.name, readFileSync(join(folder, e.name), 'utf8')] as [string, string]] : [],
  );

test('every screen with a field to type in says who sees it', () => {
  const all = sources(folderOfScreens());
  const typed = all.filter(([, source]) => field.test(source));
  assert.ok(typed.length > 20, `only ${typed.length} screens have fields: the test looks in the wrong place`);
  for (const [file, source] of typed) {
    if (file in needNot) assert.ok(!says.test(source), `${file} says who sees it: take it off the list`);
    else assert.ok(says.test(source), `${file} has a field to type in and does not say who sees what is written`);
  }
  for (const file of Object.keys(needNot)) assert.ok(all.some(([name]) => name === file), `${file} is not there any more`);
});

test('"why?" beside a field opens the row of access.md that decides', () => {
  const groups = readFileSync(join(process.env.BOKVAR_ROOT!, 'internal', 'access', 'access.md'), 'utf8').split('\n').map((line) => /^\| ([a-z_.]+) /.exec(line)?.[1] ?? '');
  let named = 0;
  for (const [file, source] of sources(folderOfScreens()))
    for (const [, row] of source.matchAll(/<(?:Sees|WhoSees|Inline)\b[^>]*?\brow="([^"]+)"/g)) {
      named++;
      assert.ok(groups.some((g) => g === row || g.startsWith(`${row}.`)), `${file}: access.md has no row ${row}`);
    }
  assert.ok(named > 20, `only ${named} rows are named: the test looks in the wrong place`);
});

function folderOfScreens(): string {
  return join(process.env.BOKVAR_ROOT!, 'static', 'src', 'screens');
}

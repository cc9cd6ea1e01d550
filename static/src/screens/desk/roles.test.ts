import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deskRoles } from './roles';

test('the way to the month\'s list is shown to those whom access.md lets read it, and to nobody else', () => {
  const lines = readFileSync(join(process.env.BOKVAR_ROOT!, 'internal', 'access', 'access.md'), 'utf8').split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const [groups, cells] = ['group', 'monthly'].map((name) => lines.find((l) => l[1] === name)!);
  const may = groups.slice(5, -1).filter((_, i) => cells[i + 5] !== 'never');
  assert.deepEqual(Object.values(deskRoles).flat(), may);
});

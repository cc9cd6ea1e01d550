// The vectors that the server runs, too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadTexts } from '../../text';
import { showNumber } from './number_show';
import { checkPersonalNumber } from './personal_number';

interface Vector { text: string; number?: string; code?: string; sentence?: string }
const file = join(process.env.BOKVAR_ROOT!, 'internal/casework/testdata/numbers.json');
const { today, numbers } = JSON.parse(readFileSync(file, 'utf8')) as { today: string; numbers: Vector[] };

test('a number is read and judged as the server does', async () => {
  await loadTexts('consent');
  assert.ok(numbers.length > 10);
  for (const { text, number, sentence } of numbers) {
    const got = checkPersonalNumber(text, new Date(`${today}T12:00:00`));
    assert.deepEqual(got, number ? { ok: true, number } : { ok: false, sentence }, text);
  }
});

test('shown as people write it', () => assert.equal(showNumber('199006022397'), '19900602-2397'));

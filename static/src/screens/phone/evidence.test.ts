import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withEvidence } from './evidence';

interface Vector { name: string; giving: { id: string; fields: Record<string, unknown> }; signatures: Vector['giving'][]; hash: string }
const vectors = JSON.parse(readFileSync(join(process.env.BOKVAR_ROOT!, 'internal/casework/testdata/evidence.json'), 'utf8')) as Vector[];

test('there are vectors', () => assert.ok(vectors.length > 0));
for (const v of vectors) {
  test(`evidence: ${v.name}`, async () => {
    const of = (kind: string, r: Vector['giving']) => ({ kind, record: r.id, fields: r.fields });
    const [giving] = await withEvidence([of('giving', v.giving), ...v.signatures.map((s) => of('signature', s))]);
    assert.deepEqual(giving.fields.evidence, { hash: v.hash, signatures: v.signatures.map((s) => s.id) });
  });
}

test('the phone signs the hash, and a phone that cannot sign gives the note all the same', async () => {
  const giving = { kind: 'giving', record: 'g', fields: { day: '2026-11-24' } };
  const [signed] = await withEvidence([giving], async (bytes) => bytes.slice(0, 3));
  const note = signed.fields.evidence as { hash: string; device: string };
  assert.equal(atob(note.device), note.hash.slice(0, 3));
  const [plain] = await withEvidence([giving], async () => { throw new Error('no key'); });
  assert.deepEqual(plain.fields.evidence, { hash: note.hash, signatures: [] });
});

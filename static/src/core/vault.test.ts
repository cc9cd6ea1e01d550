import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openJSON, openVault, place, sealJSON } from './vault';

const key = (n: number) => new Uint8Array(32).fill(n);
const here = place('note', 'n1', 3);

test('what is sealed opens with its key, at its place', async () => {
  const vault = await openVault(key(1));
  const sealed = await sealJSON(vault, here, { text: 'åäö' });
  assert.deepEqual(await openJSON(vault, here, sealed), { text: 'åäö' });
});

test('another key, another place or a changed byte opens nothing', async () => {
  const vault = await openVault(key(1));
  const sealed = await sealJSON(vault, here, 'hemligt');
  assert.equal(await openJSON(await openVault(key(2)), here, sealed), null);
  assert.equal(await openJSON(vault, place('note', 'n1', 4), sealed), null);
  assert.equal(await openJSON(vault, place('note', 'n2', 3), sealed), null);
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice();
    changed[i] ^= 128;
    assert.equal(await openJSON(vault, here, changed), null, `byte ${i}`);
  }
});

test('the same content is never sealed the same way twice, and does not show', async () => {
  const vault = await openVault(key(1));
  const [a, b] = [await sealJSON(vault, here, 'Björkgatan 7'), await sealJSON(vault, here, 'Björkgatan 7')];
  assert.notDeepEqual(a, b);
  assert.ok(!new TextDecoder('latin1').decode(a).includes('gatan'));
});

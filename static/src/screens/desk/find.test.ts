import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fold, matches } from './find';

test('a search looks past case and does not mix up a with å', () => {
  const key = fold('Åke Öberg Björkgatan 7 123 45 Sjöberga');
  for (const hit of ['åke', 'ÅKE ÖBERG', 'berg björk', 'björkgatan 7', '  7   åke ', '']) assert.ok(matches(key, hit), hit);
  for (const miss of ['ake', 'oberg', 'bjork', 'åke ek', 'björkgatan 8']) assert.ok(!matches(key, miss), miss);
});

test('letters written with a separate ring are the same letters', () => {
  assert.ok(matches(fold('Åke'), 'A\u030Ake'));
});

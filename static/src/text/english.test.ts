import assert from 'node:assert/strict';
import { test } from 'node:test';
import { has, loadTexts, setLanguage, t } from '.';

test('a code of an area that is loaded in English has its words', async () => {
  Object.assign(globalThis, { document: { documentElement: {} }, localStorage: { setItem: () => undefined } });
  await setLanguage('en');
  assert.equal(has('log.did.read'), false); // nobody has asked for it yet
  await loadTexts('keep');
  assert.equal(has('log.did.read'), true);
  assert.notEqual(t('log.did.read'), 'log.did.read');
  assert.equal(has('log.did.nothing_known'), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pickVoice } from './voice';

const voice = (lang: string, localService = true, def = false) => ({ lang, localService, default: def });

test('only a voice that is on the phone reads aloud', () => {
  assert.equal(pickVoice([voice('ar-SA', false)], 'ar'), undefined);
  const here = voice('ar-EG');
  assert.equal(pickVoice([voice('ar-SA', false), voice('en-GB'), here], 'ar'), here);
});

test('easy Swedish has a Swedish voice, Dari a Persian one where it has none of its own', () => {
  const sv = voice('sv_SE');
  assert.equal(pickVoice([voice('so-SO'), sv], 'sv-simple'), sv);
  const fa = voice('fa-IR');
  const prs = voice('prs-AF');
  assert.equal(pickVoice([fa], 'prs'), fa);
  assert.equal(pickVoice([fa, prs], 'prs'), prs);
  assert.equal(pickVoice([fa], 'ti'), undefined);
});

test('of several the one that the person has chosen', () => {
  const chosen = voice('uk-UA', true, true);
  assert.equal(pickVoice([voice('uk'), chosen], 'uk'), chosen);
});

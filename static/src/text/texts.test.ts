import assert from 'node:assert/strict';
import { test } from 'node:test';
import accountEn from './account.en';
import accountSv from './account.sv';
import appEn from './app.en';
import appSv from './app.sv';
import caseEn from './case.en';
import caseSv from './case.sv';
import commonEn from './common.en';
import commonSv from './common.sv';
import consentEn from './consent.en';
import consentSv from './consent.sv';
import deskEn from './desk.en';
import deskSv from './desk.sv';
import gateEn from './gate.en';
import gateSv from './gate.sv';
import importEn from './import.en';
import importSv from './import.sv';
import inboxEn from './inbox.en';
import inboxSv from './inbox.sv';
import planningEn from './planning.en';
import planningSv from './planning.sv';
import organisationEn from './organisation.en';
import organisationSv from './organisation.sv';
import keepEn from './keep.en';
import keepSv from './keep.sv';
import phoneEn from './phone.en';
import phoneSv from './phone.sv';
import protectedEn from './protected.en';
import protectedSv from './protected.sv';
import refusedEn from './refused.en';
import refusedSv from './refused.sv';
import visitEn from './visit.en';
import visitSv from './visit.sv';
import wallEn from './wall.en';
import wallSv from './wall.sv';

type Dictionary = Record<string, string>;
const areas: [string, Dictionary, Dictionary][] = [
  ['common', commonSv, commonEn], ['keep', keepSv, keepEn], ['app', appSv, appEn], ['phone', phoneSv, phoneEn], ['visit', visitSv, visitEn], ['consent', consentSv, consentEn], ['desk', deskSv, deskEn], ['case', caseSv, caseEn], ['import', importSv, importEn], ['wall', wallSv, wallEn], ['organisation', organisationSv, organisationEn], ['gate', gateSv, gateEn], ['account', accountSv, accountEn], ['planning', planningSv, planningEn], ['inbox', inboxSv, inboxEn], ['protected', protectedSv, protectedEn], ['refused', refusedSv, refusedEn],
];
const values = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

for (const [area, sv, en] of areas) {
  test(`${area}: both languages have the same keys and values`, () => {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(sv).sort());
    for (const key of Object.keys(sv)) assert.deepEqual([...new Set(values(en[key]))], [...new Set(values(sv[key]))], key);
  });
  test(`${area}: plain words, no shouting`, () => {
    for (const [key, text] of [...Object.entries(sv), ...Object.entries(en)]) {
      if (key !== 'phone.letter.hello') assert.ok(!/!|\boj\b|hoppsan|tyvärr/i.test(text), `${key}: ${text}`); // a letter may greet
    }
  });
}

test('no key is in two areas', () => {
  const all = areas.flatMap(([, sv]) => Object.keys(sv));
  assert.deepEqual(all.filter((k, i) => all.indexOf(k) !== i), []);
});

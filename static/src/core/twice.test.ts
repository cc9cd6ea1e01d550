import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemoryJournal } from '../test/helpers';
import { countUnsent, Diary, play, retell, unsentOf } from './diary';
import { newPair, openFor, sealFor, secretKey } from './hpke';
import { noId, outsideOf } from './outside';
import type { Entry } from './outbox';
import { rescueFor, rescueInfo, sealTwice } from './seal_twice';
import { cutTwice, openTwice, type RescueKey } from './twice';
import { fromBase64, openVault, openWith, toBase64 } from './vault';

interface Vector {
  secret: string;
  public: string;
  head: string;
  plain: string;
  go: string;
  phone: string;
}
const vector = (): Vector => JSON.parse(readFileSync(join(process.env.BOKVAR_ROOT!, 'internal/rescue/testdata/hpke.json'), 'utf8'));

test('phone and server seal alike', async () => {
  const v = vector();
  const [key, own] = [await secretKey(fromBase64(v.secret)), fromBase64(v.public)];
  for (const sealed of [v.go, v.phone]) {
    assert.equal(toBase64((await openFor(key, own, rescueInfo(v.head), fromBase64(sealed)))!), v.plain);
    assert.equal(await openFor(key, own, rescueInfo(v.head + ' '), fromBase64(sealed)), null);
  }
  const anew = await sealFor(own, rescueInfo(v.head), fromBase64(v.plain));
  assert.equal(toBase64((await openFor(key, own, rescueInfo(v.head), anew))!), v.plain);
});

const rescue = async () => {
  const pair = await newPair();
  return { pair, key: { org: 'hem', number: 3, key: toBase64(pair.open) } satisfies RescueKey };
};

test('what is sealed twice opens with the vault, and with the rescue key, and with nothing else', async () => {
  const vault = await openVault(new Uint8Array(32).fill(1));
  const { pair, key } = await rescue();
  const payload = await sealTwice(vault, key, { t: 'commit', o: 7, c: 'a' }, new TextEncoder().encode('Hej på dig'));
  assert.ok(!Buffer.from(payload).includes('Hej på dig'));
  const twice = cutTwice(payload)!;
  assert.deepEqual(JSON.parse(twice.head), { t: 'commit', o: 7, c: 'a', k: 3, g: 'hem' });
  assert.equal(new TextDecoder().decode((await openTwice(vault, twice))!), 'Hej på dig');
  assert.equal(await openTwice(await openVault(new Uint8Array(32).fill(2)), twice), null);
  const bytes = (await openFor(await secretKey(pair.secret), pair.open, rescueInfo(twice.head), twice.wrap))!;
  const content = await crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, ['decrypt']);
  assert.equal(new TextDecoder().decode((await openWith(content, `twice|${twice.head}|3`, twice.sealed))!), 'Hej på dig');
  const other = await newPair();
  assert.equal(await openFor(await secretKey(other.secret), other.open, rescueInfo(twice.head), twice.wrap), null);
  for (let cut = 0; cut < 40; cut++) assert.equal(cutTwice(payload.subarray(0, cut)), null);
});

test('work is sealed for the one who will own all of it', () => {
  const keys = [{ org: 'hem', number: 1, key: '' }, { org: 'soc', number: 2, key: '' }];
  assert.equal(rescueFor(keys, 'hem', [{}, { org: 'hem' }])?.org, 'hem');
  assert.equal(rescueFor(keys, 'hem', [{ org: 'soc' }])?.org, 'soc');
  assert.equal(rescueFor(keys, 'hem', [{ org: 'soc' }, {}]), undefined);
  assert.equal(rescueFor(undefined, 'hem', [{}]), undefined);
});

test('the journal holds what waits twice, tells it without a key, and what is saved once', async () => {
  const journal = new MemoryJournal();
  const vault = await openVault(new Uint8Array(32).fill(1));
  const { key } = await rescue();
  const entry = (id: string): Entry => ({ id, at: 1, raw: `{"id":"${id}"}`, changes: [], made: [] });
  const open = () => new Diary(journal, vault, (head, _changes, plain) => sealTwice(vault, key, head, plain));
  const diary = open();
  await diary.write([{ t: 'commit', e: entry('a') }, { t: 'commit', e: entry('b') }, { t: 'sent', c: 'b', at: 4 }]);
  await diary.write([{ t: 'commit', e: entry('c') }, { t: 'receipt', r: { commit: 'c', status: 'saved' }, at: 5 }]);
  assert.equal(countUnsent(journal.lines, vault.mark), 2);
  assert.equal(countUnsent(journal.lines, new Uint8Array(4)), 0);
  assert.deepEqual(unsentOf(journal.lines, vault.mark).map((w) => [w.commit, cutTwice(w.payload) !== null]), [['a', true], ['b', true]]);
  const before = play(await open().read(journal.lines));
  assert.deepEqual(before.entries.map((e) => [e.id, e.raw, e.sent]), [['a', '{"id":"a"}', undefined], ['b', '{"id":"b"}', 4], ['c', '{"id":"c"}', undefined]]);
  await diary.rewrite(retell(before));
  assert.deepEqual(journal.lines.map((l) => l[0]), [3, 3, 2, 2, 2]); // a, b, that b was sent, c, its receipt
  assert.deepEqual(play(await open().read(journal.lines)).entries, before.entries);
});

test('a withdrawal stands outside its seal while it waits, by random ids alone; everything else inside', async () => {
  const journal = new MemoryJournal();
  const vault = await openVault(new Uint8Array(32).fill(1));
  const { key } = await rescue();
  const withdrawal = { kind: 'withdrawal', record: 'w1', fields: { unit: { v: 'u' }, case: { v: 'a-case-of-theirs' }, how: { v: 'phone' }, name: { v: 'Hemligt' }, heard: { v: 'Hemligt' }, at: { v: 5 } } };
  const note = { kind: 'note', record: 'n1', fields: { text: { v: 'Hemligt' } } };
  const entry = (id: string, ...changes: Entry['changes']): Entry => ({ id, at: 1, raw: `{"id":"${id}"}`, changes, made: changes.map(() => true) });
  const outside = [{ r: 'w1', f: { unit: 'u', case: 'a-case-of-theirs', how: 'phone', at: 5 } }];
  assert.deepEqual(JSON.parse(JSON.stringify(await outsideOf([withdrawal, note], 1))), outside);
  assert.equal(await outsideOf([note], 1), undefined);
  for (const twice of [true, false]) {
    journal.lines = [];
    const diary = new Diary(journal, vault, async (head, _changes, plain) => (twice ? sealTwice(vault, key, head, plain) : null));
    await diary.write([{ t: 'commit', e: entry('a', withdrawal, note) }, { t: 'commit', e: entry('b', note) }]);
    const [a, b] = unsentOf(journal.lines, vault.mark).map((l) => JSON.parse(l.head));
    assert.deepEqual(a.w, outside);
    assert.equal(b.w, undefined);
    assert.ok(!journal.lines.some((l) => Buffer.from(l).includes('Hemligt')));
    const story = play(await new Diary(journal, vault).read(journal.lines));
    assert.deepEqual(story.entries.map((e) => e.id), ['a', 'b']);
    await diary.write([{ t: 'receipt', r: { commit: 'a', status: 'saved' }, at: 5 }]);
    await diary.rewrite(retell(play(await diary.read(journal.lines))));
    assert.ok(!journal.lines.some((l) => Buffer.from(l).includes('a-case-of-theirs')), 'once it is saved, it stands outside no longer');
  }
});

test('a no stands outside its seal like a withdrawal of the same file; a yes does not', async () => {
  const giving = (answer: string) => ({ org: 'soc', kind: 'giving', record: 'g1', fields: { unit: { v: 'u' }, handle: { v: 'h' }, answer: { v: answer }, place: { v: 'Hemligt' }, day: { v: '2026-11-24' } } });
  const no = await outsideOf([giving('declined')], 7);
  assert.deepEqual(no, [{ g: 'soc', r: '920b2b200e3feceab1bed79662af61cb', f: { unit: 'u', handle: 'h', at: 7 } }]);
  assert.equal(no![0].r, await noId('g1'));
  for (const answer of ['given', 'asked']) assert.equal(await outsideOf([giving(answer)], 7), undefined);
});

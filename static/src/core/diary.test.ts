import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryJournal } from '../test/helpers';
import { countUnsent, Diary, play, retell } from './diary';
import type { Entry } from './outbox';
import { openVault, toBase64, vaultOf } from './vault';

const entry = (id: string): Entry => ({ id, at: 1, raw: '{}', changes: [], made: [] });
const open = async (journal: MemoryJournal, key = 1) => new Diary(journal, await openVault(new Uint8Array(32).fill(key)));

test('what was written is told again, in order', async () => {
  const journal = new MemoryJournal();
  const diary = await open(journal);
  await diary.write([{ t: 'commit', e: entry('a') }, { t: 'commit', e: entry('b') }]);
  await diary.write([{ t: 'receipt', r: { commit: 'a', status: 'saved', number: 1 }, at: 9 }, { t: 'draft', key: 'k', text: 'halv' }]);
  const story = play(await (await open(journal)).read(journal.lines));
  assert.deepEqual(story.entries.map((e) => [e.id, e.receipt?.number, e.settled]), [['a', 1, 9], ['b', undefined, undefined]]);
  assert.equal(story.drafts.get('k'), 'halv');
});

test('doubles and lines of several tabs do no harm', async () => {
  const journal = new MemoryJournal();
  const diary = await open(journal);
  await diary.write([{ t: 'commit', e: entry('a') }, { t: 'receipt', r: { commit: 'a', status: 'saved' }, at: 1 }, { t: 'draft', key: 'k', text: '1' }, { t: 'draft', key: 'k', text: '2' }]);
  const lines = await diary.read([...journal.lines].reverse().concat(journal.lines));
  const story = play(lines);
  assert.equal(story.entries.length, 1);
  assert.equal(story.entries[0].receipt?.status, 'saved');
  assert.equal(story.drafts.get('k'), '2');
});

test('what was told anew tells the same story, and leaves no empty draft', async () => {
  const journal = new MemoryJournal();
  const diary = await open(journal);
  await diary.write([
    { t: 'commit', e: entry('a') }, { t: 'commit', e: entry('b') }, { t: 'commit', e: entry('c') }, { t: 'drop', c: 'b' },
    { t: 'receipt', r: { commit: 'a', status: 'saved' }, at: 5 }, { t: 'draft', key: 'x', text: 'kvar' }, { t: 'draft', key: 'y', text: 'bort' }, { t: 'draft', key: 'y', text: '' },
  ]);
  const before = play(await diary.read(journal.lines));
  await diary.rewrite(retell(before));
  const after = play(await diary.read(journal.lines));
  assert.deepEqual(after.entries, before.entries);
  assert.deepEqual([...after.drafts], [['x', 'kvar']]);
  assert.equal(journal.lines.length, 5); // with the word that b was taken back
});

test('a draft in the journal of a tab that is gone is older than the one that is known, and changes nothing', async () => {
  const [mine, gone] = [new MemoryJournal(), new MemoryJournal()];
  const left = await open(gone);
  await left.write([{ t: 'draft', key: 'k', text: 'början' }]);
  const diary = await open(mine);
  await diary.read(gone.lines); // it knows what was written before
  await diary.write([{ t: 'draft', key: 'k', text: 'slutet' }]);
  const story = play(await diary.read(mine.lines));
  play(await diary.read(gone.lines), story);
  assert.equal(story.drafts.get('k'), 'slutet');
  await diary.rewrite(retell(story)); // and telling it anew makes it no younger
  const told = play(await (await open(mine)).read(mine.lines));
  assert.equal(told.drafted.get('k'), story.drafted.get('k'));
});

test('what was written while the phone was handed over is read with the key that lies before it', async () => {
  const journal = new MemoryJournal();
  const diary = await open(journal);
  const bytes = new Uint8Array(32).fill(9);
  journal.lines.push(...(await diary.sealed([{ t: 'handed', key: toBase64(bytes) }])));
  const { mark } = await openVault(new Uint8Array(32).fill(1));
  const handed = new Diary(journal, vaultOf((await openVault(bytes)).key, mark));
  await handed.write([{ t: 'commit', e: entry('consent') }, { t: 'draft', key: 'consent:v', text: '' }]);
  assert.equal(countUnsent(journal.lines, mark), 1, 'it waits, and is counted without opening anything');
  const hers = await open(journal, 2);
  await hers.write([{ t: 'commit', e: entry('hers') }]);
  const again = await open(journal);
  const story = play(await again.read(journal.lines));
  assert.deepEqual(story.entries.map((e) => e.id), ['consent']);
  await again.rewrite(retell(story)); // from now on under the vault's own key
  assert.deepEqual(play(await (await open(journal)).read(journal.lines)).entries.map((e) => e.id), ['consent']);
  assert.equal(journal.lines.length, 2, 'hers, and the consent');
  assert.deepEqual(play(await (await open(journal, 2)).read(journal.lines)).entries.map((e) => e.id), ['hers']);
});

test('what may have left the phone is known after a restart, and what was taken back does not come back', async () => {
  const journal = new MemoryJournal();
  const diary = await open(journal);
  await diary.write([{ t: 'commit', e: entry('a') }, { t: 'commit', e: entry('b') }, { t: 'sent', c: 'a', at: 7 }, { t: 'drop', c: 'b' }]);
  const story = play(await diary.read(journal.lines));
  assert.deepEqual(story.entries.map((e) => [e.id, e.sent]), [['a', 7]]);
  await diary.rewrite(retell(story));
  const again = play(await diary.read(journal.lines));
  assert.deepEqual(again.entries.map((e) => [e.id, e.sent]), [['a', 7]]);
  // The journal of a tab that is gone still has it.
  const late = play([{ t: 'commit', o: 1, e: entry('b') }], { entries: again.entries, drafts: again.drafts, drafted: again.drafted, dropped: again.dropped });
  assert.deepEqual(late.entries.map((e) => e.id), ['a']);
});

test('a receipt that counts no longer puts the commit back among the unsent', async () => {
  const diary = await open(new MemoryJournal());
  const lines = await diary.write([{ t: 'commit', e: entry('a') }, { t: 'receipt', r: { commit: 'a', status: 'saved' }, at: 1 }, { t: 'again', c: 'a' }]);
  assert.equal(play(lines).entries[0].receipt, undefined);
});

test('what was put away stays away, though the journal of another tab has the receipt alone', async () => {
  const diary = await open(new MemoryJournal());
  const r = { commit: 'a', status: 'held' as const };
  const [commit, receipt, away] = await diary.write([{ t: 'commit', e: entry('a') }, { t: 'receipt', r, at: 1 }, { t: 'receipt', r: { ...r, away: true }, at: 1 }]);
  for (const lines of [[commit, receipt, away], [commit, away, receipt]]) {
    const story = play(lines);
    assert.equal(story.entries[0].receipt?.away, true);
    const told = await diary.write(retell(story));
    assert.equal(play([commit, ...told, receipt]).entries[0].receipt?.away, true);
  }
});

test('lines of somebody else on the same phone stay, unread', async () => {
  const journal = new MemoryJournal();
  await (await open(journal, 2)).write([{ t: 'commit', e: entry('hers') }]);
  const mine = await open(journal, 1);
  assert.deepEqual(await mine.read(journal.lines), []);
  await mine.rewrite([{ t: 'draft', key: 'k', text: 'mitt' }]);
  assert.deepEqual(play(await (await open(journal, 2)).read(journal.lines)).entries.map((e) => e.id), ['hers']);
});

test('a locked phone counts what waits, and nothing of somebody else', async () => {
  const journal = new MemoryJournal();
  const [mine, hers] = await Promise.all([1, 2].map((n) => openVault(new Uint8Array(32).fill(n))));
  const diary = new Diary(journal, mine);
  await new Diary(journal, hers).write([{ t: 'commit', e: entry('hers') }]);
  await diary.write(['a', 'b', 'c', 'd'].map((id) => ({ t: 'commit', e: entry(id) })));
  await diary.write([{ t: 'receipt', r: { commit: 'a', status: 'saved' }, at: 1 }, { t: 'drop', c: 'b' }, { t: 'receipt', r: { commit: 'c', status: 'saved' }, at: 1 }, { t: 'again', c: 'c' }, { t: 'draft', key: 'k', text: 'x' }]);
  const lines = [...journal.lines].reverse(); // files are read in any order
  assert.equal(countUnsent(lines, mine.mark), 2);
  assert.equal(countUnsent(lines, hers.mark), 1);
  assert.equal(play(await diary.read(journal.lines)).entries.filter((e) => !e.receipt).length, 2);
});

test('the clear head of a line cannot be changed', async () => {
  const journal = new MemoryJournal();
  const diary = await open(journal);
  await diary.write([{ t: 'commit', e: entry('a') }]);
  const changed = journal.lines[0].slice();
  changed[changed.indexOf(97, 3)] = 98; // the id in the head
  assert.deepEqual(await diary.read([changed]), []);
});

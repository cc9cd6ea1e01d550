import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asWritten, keepAcknowledged, keyOf, Outbox, stepOf } from './outbox';
import type { WireCommit, WireRecord } from './wire';

const day = 86_400_000;
const record = (id: string, n: Record<string, number>): WireRecord => ({ org: 'hem', id, kind: 'contact', f: {}, n });
const commitOf = (raw: string) => JSON.parse(raw) as WireCommit;

function outbox(...records: WireRecord[]) {
  const known = new Map(records.map((r) => [keyOf(r.org, r.id), r]));
  const box = new Outbox('hem');
  const write = (id: string, kind: string, on: string, fields: Record<string, unknown>, org?: string) => {
    const e = box.write(id, 1000, 5, [{ kind, record: on, fields, org }], (key) => known.get(key));
    box.entries.push(e);
    return e;
  };
  return { box, write };
}

test('D2: a field is based on the version that the server has, also under unsent changes', () => {
  const { write } = outbox(record('v1', { planned_at: 3 }));
  write('a', 'contact', 'v1', { planned_at: 1 });
  const second = commitOf(write('b', 'contact', 'v1', { planned_at: 2, message: 'hej' }).raw);
  assert.deepEqual(second.changes[0].fields, { planned_at: { v: 2, b: 3 }, message: { v: 'hej' } });
  assert.deepEqual(second.after, ['a']);
});

test('D2: what names a record that an unsent commit made waits for it; what only names an old one does not', () => {
  const { write } = outbox(record('v1', {}));
  write('a', 'contact', 'v1', { outcome: null });
  write('b', 'contact', 'new', { household: 'h' });
  assert.deepEqual(commitOf(write('c', 'note', 'n1', { contact: 'v1' }).raw).after, undefined);
  assert.deepEqual(commitOf(write('d', 'note', 'n2', { contact: 'new' }).raw).after, ['b']);
});

test('M2: what was refused goes again on the version that it was written on', () => {
  const known = record('v1', { outcome: 3, message: 1 });
  const { box, write } = outbox(known);
  const refused = write('a', 'contact', 'v1', { outcome: 'nobody home', message: 'hej', place: 'x' });
  box.settle({ commit: 'a', status: 'refused' }, 0);
  known.n = { outcome: 4, message: 2, place: 1 }; // a colleague has written since
  const again = box.write('b', 2000, 9, refused.changes.map(asWritten), () => known);
  assert.deepEqual(again.changes, refused.changes);
  assert.deepEqual(again.changes[0].fields.outcome, { v: 'nobody home', b: 3 });
});

test('D2: what is written together waits for what is written before it', () => {
  const { box } = outbox();
  const write = (id: string, fields: Record<string, unknown>, beside: ReturnType<typeof box.write>[]) => box.write(id, 1000, 5, [{ kind: 'note', record: id, fields }], () => undefined, beside);
  const giving = write('giving', { text: 'x' }, []);
  assert.deepEqual(commitOf(write('mark', { of: 'giving' }, [giving]).raw).after, ['giving']);
  assert.equal(commitOf(write('other', { of: 'else' }, [giving]).raw).after, undefined);
  assert.deepEqual(box.entries, []);
});

test('D4: "again" settles nothing, and a second receipt changes nothing', () => {
  const { box, write } = outbox();
  write('a', 'note', 'n1', { text: 'x' });
  assert.equal(box.settle({ commit: 'a', status: 'again', code: 'predecessor' }, 1), null);
  assert.equal(box.unsent().length, 1);
  box.settle({ commit: 'a', status: 'saved', number: 8, at: 5, cursor: 9 }, 1);
  assert.equal(box.settle({ commit: 'a', status: 'refused' }, 2), null);
  assert.deepEqual(stepOf(box.entries[0]), { step: 'saved', at: 5, number: 8 });
});

test('the ladder skips no rung', () => {
  const { box, write } = outbox();
  const e = write('a', 'note', 'n1', { text: 'x' });
  assert.equal(stepOf(e).step, 'phone');
  e.sent = 2000;
  assert.deepEqual(stepOf(e), { step: 'sent', at: 2000 });
  box.settle({ commit: 'a', status: 'refused', code: 'locked', sentence: 'Låst.' }, 3000);
  assert.deepEqual(stepOf(e), { step: 'refused', at: 3000, number: undefined, code: 'locked', sentence: 'Låst.' });
});

test('a consent for another organisation is gone from the phone with its receipt, but not when it was refused', () => {
  const { box, write } = outbox();
  write('a', 'giving', 'g1', { partners: ['care'] }, 'soc');
  write('b', 'giving', 'g2', { partners: ['care'] }, 'soc');
  write('c', 'consent_mark', 'm1', { answer: 'given' });
  box.settle({ commit: 'a', status: 'saved' }, 1);
  box.settle({ commit: 'b', status: 'refused' }, 1);
  assert.ok(!JSON.stringify(box.find('a')).includes('care'));
  assert.ok(JSON.stringify(box.find('b')).includes('care'));
  assert.equal(box.unsent().length, 1);
});

test('a journal that was cut off between receipt and rewrite loads without the content', () => {
  const { box, write } = outbox();
  const e = write('a', 'giving', 'g1', { partners: ['care'] }, 'soc');
  box.load([{ ...e, receipt: { commit: 'a', status: 'saved' }, settled: 1 }]);
  assert.ok(!JSON.stringify(box.entries).includes('care'));
});

test('D7: another generation sends anew what was acknowledged lately, and not what was refused', () => {
  const { box, write } = outbox();
  const now = 100 * day;
  for (const [id, status, settled] of [['a', 'saved', now - day], ['b', 'saved', now - keepAcknowledged - 1], ['c', 'refused', now], ['d', 'held', now]] as const) {
    write(id, 'note', id, { text: id });
    box.settle({ commit: id, status, cursor: 1 }, settled);
  }
  assert.equal(box.startOver(now, 'g2', true), true);
  assert.deepEqual(box.unsent().map((e) => e.id), ['a', 'd']);
  assert.deepEqual(box.trouble().map((e) => e.id), ['c']);
});

test('D7: a phone that has lost its records still knows which generation acknowledged what', () => {
  const { box, write } = outbox();
  for (const [id, generation] of [['a', 'g1'], ['b', 'g2'], ['c', undefined]] as const) {
    write(id, 'note', id, { text: id });
    box.settle({ commit: id, status: 'saved', cursor: 1, generation }, 5);
  }
  assert.equal(box.startOver(9, 'g2', false), true);
  assert.deepEqual(box.unsent().map((e) => e.id), ['a']);
  assert.equal(box.startOver(9, 'g2', false), false);
});

test('D8: what a kept commit builds on is kept with it, and goes again with it', () => {
  const { box, write } = outbox();
  for (const id of ['a', 'b']) write(id, 'note', 'n', { text: id });
  write('alone', 'note', 'other', { text: 'x' });
  box.settle({ commit: 'a', status: 'refused', generation: 'g1' }, 0);
  box.settle({ commit: 'alone', status: 'saved', generation: 'g1' }, 0);
  write('c', 'note', 'n', { text: 'c' });
  box.settle({ commit: 'b', status: 'saved', generation: 'g1' }, 0);
  box.settle({ commit: 'c', status: 'held', code: 'predecessor', generation: 'g1' }, 0);
  box.forget(1000 * day, Infinity);
  assert.deepEqual(box.entries.map((e) => e.id), ['a', 'b', 'c']);
  box.startOver(1000 * day, 'g2', true);
  assert.deepEqual(box.unsent().map((e) => e.id), ['a', 'b', 'c']);
});

test('D8: what is held goes as what is saved, but not what nobody is told of or a picture that waits here', () => {
  const { box, write } = outbox();
  const now = 100 * day;
  const held = (id: string, code: string, kind = 'note', at = now - keepAcknowledged - 1) => {
    write(id, kind, id, { text: id });
    box.settle({ commit: id, status: 'held', code }, at);
  };
  held('handed on', 'scope_ended');
  held('lately', 'scope_ended', 'note', now - keepAcknowledged);
  held('untold', 'predecessor');
  held('picture', 'scope_ended', 'photo');
  held('put away', 'server_too_old');
  box.settle(box.away('put away')!, now);
  write('refused', 'note', 'n1', { text: 'x' });
  box.settle({ commit: 'refused', status: 'refused' }, 0);
  write('unsent', 'note', 'n2', { text: 'x' });
  assert.equal(box.forget(now, 99), true);
  assert.deepEqual(box.entries.map((e) => e.id), ['lately', 'untold', 'picture', 'refused', 'unsent']);
  assert.equal(box.forget(now, 99), false);
  box.drop('refused');
  assert.deepEqual(box.trouble().map((e) => e.id), ['lately', 'untold', 'picture']);
});

test('D8: only what is held is put away, and its time is that of its receipt', () => {
  const { box, write } = outbox();
  for (const [id, status] of [['a', 'held'], ['b', 'refused'], ['c', 'saved']] as const) {
    write(id, 'note', id, { text: id });
    box.settle({ commit: id, status, cursor: 1 }, 7);
  }
  write('d', 'note', 'd', { text: 'd' });
  assert.deepEqual(['b', 'c', 'd', 'none'].map(box.away, box), [null, null, null, null]);
  assert.equal(box.settle(box.away('a')!, 9), box.find('a'));
  assert.deepEqual([box.find('a')!.settled, box.trouble().map((e) => e.id)], [7, ['b']]);
  box.startOver(9, 'g2', true);
  assert.deepEqual(box.unsent().map((e) => e.id), ['a', 'c', 'd']);
});

test('D7: after a restored backup nothing waits for a consent whose content has left the phone', () => {
  const { box, write } = outbox();
  write('collected', 'giving', 'g1', { partners: ['care'] }, 'soc');
  write('mine', 'contact', 'v1', { outcome: null });
  write('mark', 'consent_mark', 'm1', { giving: 'g1', contact: 'v1' });
  assert.deepEqual(commitOf(box.find('mark')!.raw).after, ['collected', 'mine']);
  for (const commit of ['collected', 'mine', 'mark']) box.settle({ commit, status: 'saved', cursor: 6, generation: 'old' }, 1);
  assert.equal(box.letGo('mark'), false); // it has a receipt
  box.startOver(2, 'new', true);
  assert.deepEqual(box.unsent().map((e) => e.id), ['mine', 'mark']); // the consent itself is nobody's to send again
  assert.equal(box.letGo('mark'), true);
  assert.deepEqual(commitOf(box.find('mark')!.raw).after, ['mine']);
  assert.equal(box.letGo('mark'), false);
  assert.equal(box.letGo('mine'), false);
});

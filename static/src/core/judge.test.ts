import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './judge';
import { suggest } from './suggest';
import { words } from './words';

test('the list is long enough, plain, and says nothing twice', () => {
  assert.ok(words.length >= 2048, `${words.length} words`);
  assert.equal(new Set(words).size, words.length);
  for (const w of words) assert.match(w, /^[a-zåäö]{3,9}$/, w);
});

test('what the app offers is good enough, and never twice the same', () => {
  const offered = Array.from({ length: 200 }, () => suggest(['Kim Strandvik']));
  assert.equal(new Set(offered).size, 200);
  for (const p of offered) assert.equal(judge(p, ['Kim Strandvik']), 'ok', p);
});

test('whoever they are, what the app offers them is good enough', () => {
  for (const who of ['Alva Lindroos', 'Björn Ask', 'Gun Båt-Bäck', 'Lin Måne', 'Örn Berg'])
    for (let n = 0; n < 2000; n++) {
      const offered = suggest([who]);
      assert.equal(judge(offered, [who]), 'ok', `${who}: ${offered}`);
    }
});

test('a word that holds a name by chance is no name', () => {
  assert.equal(judge('sluss salva disktrasa kvad', ['Alva Lindroos']), 'ok');
  assert.equal(judge('sluss alva disktrasa kvad', ['Alva Lindroos']), 'name');
});

test('what people choose when nobody helps them is turned down', () => {
  for (const p of ['kort', 'elva tecken', '12345678901']) assert.equal(judge(p, []), 'short', p);
  for (const p of [
    'aaaaaaaaaaaaaaaa', '123456789012', 'lösenord1234', 'LÖSENORD 2026', 'qwertyuiop12', 'hejhejhejhej', 'sommar2026sommar', 'bokvarbokvar1',
    'abcdefghijkl', 'sverige123456', 'fotboll fotboll', 'björn björn björn björn', 'mammapappa1970',
  ]) assert.equal(judge(p, []), 'easy', p);
});

test('a name does not make it better', () => {
  assert.equal(judge('kim strandvik 1987', ['Kim Strandvik']), 'name');
  assert.equal(judge('Strandvik-Strandvik', ['Kim Strandvik']), 'name');
});

test('one’s own long sentence is fine', () => {
  for (const p of ['grannens katt äter bara torsk', 'Nio gula cyklar i hissen', 'tr7-Kvu.9xPq4']) assert.equal(judge(p, ['Kim Strandvik']), 'ok', p);
});

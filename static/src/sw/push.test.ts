import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showPush, target } from './push';

const otherwise = 'Du har något nytt i Bokvar.';

test('a push always shows something', () => {
  for (const text of [undefined, '', 'no json', 'null', '{}', '{"notification":null}', '{"notification":{"title":5,"body":[]}}']) {
    const shown = showPush(text);
    assert.equal(shown.title, 'Bokvar', String(text));
    assert.equal(shown.options.body, otherwise);
  }
});

test('the declarative form says what is shown and where a tap leads', () => {
  const shown = showPush('{"web_push":8030,"notification":{"title":"Bokvar","body":"Nytt.","navigate":"https://b.example/case/c1","tag":"a1"}}');
  assert.equal(shown.options.body, 'Nytt.');
  assert.equal(target(shown.options.data.navigate, 'https://b.example'), '/case/c1');
});

test('a tap never leaves the app', () => {
  assert.equal(target('https://elsewhere.example/x', 'https://b.example'), '/inbox');
  assert.equal(target('javascript:alert(1)', 'https://b.example'), '/inbox');
});

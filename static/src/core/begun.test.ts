import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchTyping } from './begun';

/** A field as the page has it: what is typed into it, and whether it is on the screen. */
class Field extends EventTarget {
  isConnected = true;
  value = '';
  typed = watchTyping(this);
  constructor(public type: string) {
    super();
  }
  types(text: string): void {
    this.value = text;
    this.dispatchEvent(new Event('input'));
  }
}

test('what stands in a field is begun until it is emptied, or the field is gone', () => {
  for (const type of ['textarea', 'text', 'date', 'password']) {
    const field = new Field(type);
    assert.equal(field.typed(), false);
    field.types('halvt');
    assert.equal(field.typed(), true, type);
    field.types('');
    assert.equal(field.typed(), false);
    field.types('halvt igen');
    assert.equal(field.typed(), true, type);
    field.isConnected = false;
    assert.equal(field.typed(), false);
  }
});

test('a form that empties itself when it is sent leaves nothing begun, and begins again', () => {
  const field = new Field('textarea');
  field.types('skickas');
  field.value = '';
  assert.equal(field.typed(), false);
  field.types('nästa');
  assert.equal(field.typed(), true);
});

test('a search and what is chosen with a tap are no work', () => {
  for (const type of ['search', 'radio', 'checkbox', 'select-one']) {
    const field = new Field(type);
    field.types('something');
    assert.equal(field.typed(), false, type);
  }
});

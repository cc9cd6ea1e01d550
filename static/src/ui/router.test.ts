import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchPath } from './match';

test('a path is matched whole, with its values', () => {
  assert.deepEqual(matchPath('/visit/:id', '/visit/a%20b'), { id: 'a b' });
  assert.deepEqual(matchPath('/visit/:id', '/visit/x/'), { id: 'x' });
  assert.deepEqual(matchPath('/', '/'), {});
  assert.equal(matchPath('/visit/:id', '/visit'), null);
  assert.equal(matchPath('/visit/:id', '/visit/x/acute'), null);
  assert.equal(matchPath('/visit/:id', '/visit/%E0%A4%A'), null);
});

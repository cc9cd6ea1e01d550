import { test } from 'node:test';
import assert from 'node:assert/strict';
import { csv } from './csv';

test('cells are quoted, rows end as a spreadsheet expects', () => {
  assert.equal(csv([['Rad', 'Orsak'], [41, 'Beloppet är ”7.840,-”; skriv "7840"']]), '\uFEFF"Rad";"Orsak"\r\n"41";"Beloppet är ”7.840,-”; skriv ""7840"""\r\n');
});

test('no cell is run as a formula', () => {
  for (const evil of ['=1+1', '+46', '-2', '@SUM(A1)', '\tx']) assert.ok(csv([[evil]]).includes(`"'${evil}"`), evil);
  assert.ok(csv([[-2]]).includes('"-2"')); // a number of ours is a number
});

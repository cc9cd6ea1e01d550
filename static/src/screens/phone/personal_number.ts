// Checks a Swedish personal identity or coordination number, so that a slip of
// the finger is caught at the door. The server checks again, with the same words.
import { t } from '../../text';

export type Checked = { ok: true; number: string } | { ok: false; sentence: string };

const wrong = (sentence: string): Checked => ({ ok: false, sentence });
const two = (n: number) => String(n).padStart(2, '0');

/**
 * Takes ten or twelve digits, with or without - before the last four (or +, for
 * someone who turns 100); gives the twelve that are kept.
 */
export function checkPersonalNumber(typed: string, today = new Date()): Checked {
  let text = typed.replace(/\s/g, '');
  const sign = text.at(-5);
  const plus = sign === '+';
  if (text.length > 4 && (sign === '-' || plus)) text = text.slice(0, -5) + text.slice(-4);
  if (/\D/.test(text)) return wrong(t('consent.number.digits'));
  if (text.length !== 10 && text.length !== 12) return wrong(t('consent.number.length', { n: text.length }));
  return checkTwelve(text.length === 10 ? withCentury(text, plus, today) : text, today);
}

function checkTwelve(number: string, today: Date): Checked {
  const month = Number(number.slice(4, 6));
  const day = plainDay(Number(number.slice(6, 8)));
  if (month < 1 || month > 12) return wrong(t('consent.number.month', { n: number.slice(4, 6) }));
  if (day < 1 || day > 31) return wrong(t('consent.number.day', { n: number.slice(6, 8) }));
  const days = new Date(Date.UTC(Number(number.slice(0, 4)), month, 0)).getUTCDate();
  if (day > days) return wrong(t('consent.number.date', { day, month: t(`consent.month.${month as 1}`) }));
  if (sum(number.slice(2)) % 10 !== 0) return wrong(t('consent.number.check'));
  if (number.slice(0, 6) + two(day) > written(today)) return wrong(t('consent.number.future'));
  return { ok: true, number };
}

const written = (d: Date) => `${d.getFullYear()}${two(d.getMonth() + 1)}${two(d.getDate())}`;

/** A coordination number has 60 added to the day. */
const plainDay = (day: number) => (day > 60 ? day - 60 : day);

/** The latest birth day that has been; a hundred years earlier when a + says so. */
function withCentury(ten: string, plus: boolean, today: Date): string {
  let century = Math.floor(today.getFullYear() / 100);
  if (`${century}${ten.slice(0, 4)}${two(plainDay(Number(ten.slice(4, 6))))}` > written(today)) century--;
  if (plus) century--;
  return `${century}${ten}`;
}

/** Every other digit doubled, from the first, and the digits of the products added. */
function sum(ten: string): number {
  return [...ten].reduce((all, c, i) => {
    const product = Number(c) * (i % 2 === 0 ? 2 : 1);
    return all + (product > 9 ? product - 9 : product);
  }, 0);
}

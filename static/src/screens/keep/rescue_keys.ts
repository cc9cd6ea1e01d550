// What the browsers of the two people do: codes, halves of the rescue key, and the
// keys of what was handed in. Nothing of it leaves here in the clear but the keys of
// the pieces that are opened.
import { fetchJSON } from '../../core/http';
import { Problem } from '../../core/api';
import { newPair, openFor, sealFor, secretKey } from '../../core/hpke';
import { rescueInfo } from '../../core/seal_twice';
import { fromBase64, openWith, sealWith, toBase64 } from '../../core/vault';

export interface Holder { person: string; public: string; made: number; holds: boolean }
export interface Share { number: number; with: string; sealed: string; code: number }
export interface OwnKey { code: number; public: string; wrapped: string; made: number }
export interface Given { person: string; number: number; sealed: string }
export interface Waiting { person: string; home: string; works: number; first: number; last: number; numbers: number[]; reach: '' | 'old' | 'never' }
export interface Opening { id: string; by: string; why: string; at: number; given: Given[] }
export interface KeyReach { number: number; reach: '' | 'old' | 'never'; hangs: string[]; missing: [string, string][] }
export interface View {
  holders: Holder[];
  mine: (OwnKey & { older: OwnKey[]; needed: number[] }) | null; // needed: rescue keys that nobody can open without my halves
  key: { number: number; made: number; by: string } | null;
  next: number;
  keys: KeyReach[]; // all that were made
  shares: Share[];
  waiting: Waiting[];
  opening: Opening | null;
}
export interface Result { found: number; saved: number; known: number; nowhere: number; unopened: number; left: number; shared: number }
interface Locked { person: string; device: string; id: string; number: number; head: string; wrap: string }

const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'; // none that looks like another
const codeLength = 20; // 98 bits: nothing to stretch
const anewAtOnce = 12; // keys whose halves are made anew: what one message holds for seven people
const text = new TextEncoder();
const info = (...parts: (string | number)[]) => rescueInfo(parts.join('|'));

function newCode(): string {
  let code = '';
  while (code.length < codeLength) {
    for (const byte of crypto.getRandomValues(new Uint8Array(codeLength))) {
      if (byte < 240 && code.length < codeLength) code += letters[byte % letters.length]; // 240: each as likely
    }
  }
  return code;
}

async function keyOf(code: string, person: string): Promise<CryptoKey> {
  const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const from = await crypto.subtle.importKey('raw', text.encode(plain), 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: text.encode(`bokvar rescue code ${person}`) };
  return crypto.subtle.deriveKey(how, from, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** Makes the person a holder, and answers the code that opens their part. It is shown
 *  once. What `old` opens, the code before, comes along; the rest waits for it. */
export async function hold(v: View, person: string, old = ''): Promise<string> {
  const [pair, code] = [await newPair(), newCode()];
  const moved = old ? await sealAnew(v, await own(v, person, old), person, pair.open) : [];
  const wrapped = await sealWith(await keyOf(code, person), `holder|${person}`, pair.secret);
  await fetchJSON('/api/rescue/code', { method: 'PUT', body: { public: toBase64(pair.open), wrapped: toBase64(wrapped), moved } });
  return code;
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]);

interface Half { person: string; with: string; sealed: string }

/** The halves of a private part, for each of the pairs. */
async function split(number: number, pairs: [Holder, Holder][], secret: Uint8Array): Promise<Half[]> {
  const halves: Half[] = [];
  for (const [a, b] of pairs) {
    const one = crypto.getRandomValues(new Uint8Array(secret.length));
    for (const [to, other, bytes] of [[a, b, one], [b, a, xor(one, secret)]] as const) {
      const sealed = await sealFor(fromBase64(to.public), info('share', number, to.person, other.person), bytes);
      halves.push({ person: to.person, with: other.person, sealed: toBase64(sealed) });
    }
  }
  return halves;
}

/** Makes a new rescue key, and for each two of the holders its halves. The private part is kept nowhere. */
export async function makeKey(v: View): Promise<void> {
  const pair = await newPair();
  const shares = await split(v.next, v.holders.flatMap((a, i) => v.holders.slice(i + 1).map((b): [Holder, Holder] => [a, b])), pair.secret);
  pair.secret.fill(0);
  await fetchJSON('/api/rescue/key', { body: { number: v.next, public: toBase64(pair.open), shares } });
}

interface Own { key: CryptoKey; open: Uint8Array; code: number }

/** My own key, or that of an earlier code. Rejects with rescue_code. */
async function own(v: View, person: string, code: string): Promise<Own> {
  const opens = await keyOf(code, person);
  for (const mine of v.mine ? [v.mine, ...v.mine.older] : []) {
    const pkcs8 = await openWith(opens, `holder|${person}`, fromBase64(mine.wrapped));
    if (!pkcs8) continue;
    const key = await secretKey(pkcs8);
    pkcs8.fill(0);
    return { key, open: fromBase64(mine.public), code: mine.code };
  }
  throw new Problem('rescue_code');
}

/** The halves that a code opens, sealed for another key of mine. */
async function sealAnew(v: View, from: Own, person: string, to: Uint8Array): Promise<{ number: number; with: string; sealed: string }[]> {
  return Promise.all(v.shares.filter((s) => s.code === from.code).map(async (s) => {
    const about = info('share', s.number, person, s.with);
    return { number: s.number, with: s.with, sealed: toBase64(await sealFor(to, about, await half(from, about, s.sealed))) };
  }));
}

/** Puts what an earlier code opens under the code of now. */
export async function moveHalves(v: View, person: string, old: string): Promise<void> {
  const from = await own(v, person, old);
  const moved = from.code === v.mine!.code ? [] : await sealAnew(v, from, person, fromBase64(v.mine!.public));
  if (moved.length === 0) throw new Problem('rescue_code');
  await fetchJSON('/api/rescue/halves', { method: 'PUT', body: { moved } });
}

async function half(mine: Own, about: Uint8Array, sealed: string): Promise<Uint8Array> {
  const bytes = await openFor(mine.key, mine.open, about, fromBase64(sealed));
  if (!bytes) throw new Problem('rescue_half');
  return bytes;
}

/** The first of two: their halves, sealed for each of the others. */
export async function begin(v: View, person: string, code: string, why: string): Promise<void> {
  const mine = await own(v, person, code);
  const given: Given[] = [];
  for (const s of v.shares) {
    const to = v.holders.find((h) => h.person === s.with);
    if (!to || s.code !== mine.code) continue; // has left; lies under another code
    const bytes = await half(mine, info('share', s.number, person, s.with), s.sealed);
    given.push({ person: s.with, number: s.number, sealed: toBase64(await sealFor(fromBase64(to.public), info('given', s.number, person, s.with), bytes)) });
  }
  if (given.length === 0) throw new Problem('rescue_half');
  await fetchJSON('/api/rescue/opening', { body: { why, given } });
}

interface Whole { key: CryptoKey; open: Uint8Array; anew: Half[] }

/** The pairs of holders that lack halves of the key. */
function lacking(v: View, number: number): [Holder, Holder][] {
  const holder = (person: string) => v.holders.find((h) => h.person === person)!;
  return (v.keys.find((k) => k.number === number)?.missing ?? []).map(([a, b]) => [holder(a), holder(b)]);
}

/** The rescue keys that the opening gives the second of two, by number; and halves of
 *  them for those who have none. */
async function keysOf(v: View, o: Opening, person: string, code: string): Promise<Map<number, Whole>> {
  const mine = await own(v, person, code);
  const keys = new Map<number, Whole>();
  for (const g of o.given) {
    const s = v.shares.find((each) => each.number === g.number && each.with === o.by);
    if (!s || s.code !== mine.code) continue; // lies under an earlier code
    const pkcs8 = xor(await half(mine, info('given', g.number, o.by, person), g.sealed), await half(mine, info('share', g.number, person, o.by), s.sealed));
    keys.set(g.number, { key: await secretKey(pkcs8), open: await publicOf(pkcs8), anew: await split(g.number, lacking(v, g.number), pkcs8) });
    pkcs8.fill(0);
  }
  return keys;
}

/** The public part of a private one. */
async function publicOf(pkcs8: Uint8Array): Promise<Uint8Array> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
  const key = await crypto.subtle.importKey('pkcs8', pkcs8 as BufferSource, curve, true, ['deriveBits']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key);
  const open = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, curve, true, []);
  return new Uint8Array(await crypto.subtle.exportKey('raw', open));
}

const nothing: Result = { found: 0, saved: 0, known: 0, nowhere: 0, unopened: 0, left: 0, shared: 0 };

/** The second of two: opens the key of each piece and tells the server those. Whoever
 *  holds and had no halves of these keys gets theirs first. */
export async function finish(v: View, person: string, code: string): Promise<Result> {
  const o = v.opening!;
  const keys = await keysOf(v, o, person, code);
  const path = `/api/rescue/opening/${o.id}`;
  let anew = [...keys].map(([number, { anew: shares }]) => ({ number, shares })).filter(({ shares }) => shares.length > 0).slice(-anewAtOnce);
  const sum = { ...nothing, shared: anew.length };
  for (let before = Infinity; ; ) {
    const locked = await fetchJSON<Locked[]>(path);
    const opened: { person: string; device: string; id: string; key: string }[] = [];
    for (const { person, device, id, number, head, wrap } of locked) {
      const k = keys.get(number);
      const bytes = k && (await openFor(k.key, k.open, rescueInfo(head), fromBase64(wrap)));
      if (bytes) opened.push({ person, device, id, key: toBase64(bytes) });
    }
    const r = await fetchJSON<Result>(path, { body: { keys: opened, anew } });
    anew = [];
    for (const name of ['found', 'saved', 'known', 'nowhere', 'unopened'] as const) sum[name] += r[name];
    sum.left = r.left;
    if (r.left === 0 || r.left >= before || opened.length === 0) return sum;
    before = r.left;
  }
}

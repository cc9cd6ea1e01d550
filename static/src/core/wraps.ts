// How a data key is wrapped: by a passphrase through Argon2id, or by a passkey's PRF
// through HKDF. Fetched when somebody enrols or unlocks.
import { Problem, type Key } from './api';
import type { Wrap } from './kept';
import { make, told, use } from './passkey';
import { scriptURL } from './trusted';
import { fromBase64, fromBase64url, keyBytes, openWith, place, sealWith, toBase64, toBase64url } from './vault';

const where = (locker: string, by: string) => place('wrap', locker, 1) + by;

/** What a passphrase gives: a key for the wrapped copy, and what the server knows it by. */
interface Stretched {
  key: CryptoKey;
  auth: string; // base64url
}

/** What was opened: the data key, and with a passphrase what signs in with it. */
export interface Opened {
  key: Uint8Array | null; // null when no copy lies here, or this is not the right passphrase
  wrap: Wrap;
  auth?: string;
  response?: unknown; // of a passkey, to the server's challenge
}

/** What the server wants a new passkey to sign, and how it is to name its person. */
export interface Asked {
  challenge: string; // base64url
  handle: string; // base64url
}

/** The least that is ever used, whatever the phone: OWASP's floor for Argon2id. */
export const floor = { memory: 19 << 10, passes: 2 };
const ceiling = { memory: 64 << 10, passes: 8 };
const aim = 500; // ms

/** Spaces and capitals do not count: phones put them where nobody wrote them. */
export const plainPassphrase = (typed: string): string => typed.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** Argon2id in a worker that ends afterwards, and its memory with it. Resolves with 64 bytes. */
export function argon2id(passphrase: string, salt: Uint8Array, cost: { memory: number; passes: number }): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(scriptURL(STRETCH_WORKER));
    const end = () => worker.terminate();
    worker.onmessage = (e: MessageEvent<{ hash?: Uint8Array }>) => {
      end();
      if (e.data.hash) resolve(e.data.hash);
      else reject(new Problem('no_memory'));
    };
    worker.onerror = () => {
      end();
      reject(new Problem('no_memory'));
    };
    worker.postMessage({ passphrase: plainPassphrase(passphrase), salt, ...cost });
  });
}

/** The cost that takes this phone about half a second, between floor and ceiling. */
export async function calibrate(): Promise<{ memory: number; passes: number }> {
  const salt = new Uint8Array(16);
  await argon2id('warm up', salt, floor); // compiling is not what is measured
  const began = performance.now();
  await argon2id('measure', salt, floor);
  return costFor(performance.now() - began);
}

/** More memory first, then more passes: both cost time in proportion. */
export function costFor(floorTook: number): { memory: number; passes: number } {
  const times = Math.max(1, aim / Math.max(1, floorTook));
  const memory = Math.min(ceiling.memory, Math.floor((floor.memory * times) / 1024) * 1024);
  const passes = Math.min(ceiling.passes, Math.floor((floor.passes * times * floor.memory) / Math.max(memory, floor.memory)));
  return { memory: Math.max(floor.memory, memory), passes: Math.max(floor.passes, passes) };
}

async function stretch(passphrase: string, wrap: Wrap): Promise<Stretched> {
  const bytes = await argon2id(passphrase, fromBase64(wrap.salt), { memory: wrap.memory ?? floor.memory, passes: wrap.passes ?? floor.passes });
  const key = await crypto.subtle.importKey('raw', bytes.slice(0, keyBytes) as BufferSource, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const auth = toBase64url(bytes.slice(keyBytes));
  bytes.fill(0);
  return { key, auth };
}

const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));

/** Wraps a data key the way that the person chose. With `asked`, a passkey signs in, too. */
export async function wrap(locker: string, key: Uint8Array, how: Key, person: { id: string; name: string }, asked: Asked | null): Promise<{ wrap: Wrap; auth?: string; passkey?: unknown }> {
  if ('passphrase' in how) return wrapByPassphrase(locker, key, how.passphrase);
  const salt = random(32);
  const made = await make(creation(person, asked), salt);
  const by = await wrapByPasskey(locker, key, { credential: toBase64url(made.credential), salt, prf: made.prf });
  return asked ? { wrap: { ...by, signs: true }, passkey: told(made.response) } : { wrap: by };
}

/** A passkey on this phone, behind the phone's own lock. */
const creation = (person: { id: string; name: string }, asked: Asked | null): PublicKeyCredentialCreationOptions => ({
  challenge: (asked ? fromBase64url(asked.challenge) : random(32)) as BufferSource, rp: { id: location.hostname, name: 'Bokvar' },
  user: { id: (asked ? fromBase64url(asked.handle) : random(32)) as BufferSource, name: person.name, displayName: person.name },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
  authenticatorSelection: { authenticatorAttachment: 'platform', residentKey: 'preferred', userVerification: 'required' },
});

export async function wrapByPassphrase(locker: string, key: Uint8Array, passphrase: string): Promise<{ wrap: Wrap; auth: string }> {
  const wrap: Wrap = { by: 'passphrase', salt: toBase64(random(16)), ...(await calibrate()) };
  const s = await stretch(passphrase, wrap);
  wrap.wrapped = toBase64(await sealWith(s.key, where(locker, 'passphrase'), key));
  return { wrap, auth: s.auth };
}

export async function openByPassphrase(locker: string, wraps: Wrap[], passphrase: string): Promise<Opened> {
  const wrap = wraps.find((w) => w.by === 'passphrase');
  if (!wrap) throw new Problem('no_passphrase');
  const s = await stretch(passphrase, wrap);
  return { key: wrap.wrapped ? await openWith(s.key, where(locker, 'passphrase'), fromBase64(wrap.wrapped)) : null, wrap, auth: s.auth };
}


/** The key that a passkey's PRF stands for. */
async function passkeyKey(locker: string, prf: Uint8Array): Promise<CryptoKey> {
  const from = await crypto.subtle.importKey('raw', prf as BufferSource, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`bokvar vault ${locker}`);
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }, from, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export async function wrapByPasskey(locker: string, key: Uint8Array, made: { credential: string; salt: Uint8Array; prf: Uint8Array }): Promise<Wrap> {
  const wrapped = await sealWith(await passkeyKey(locker, made.prf), where(locker, 'passkey'), key);
  return { by: 'passkey', salt: toBase64(made.salt), credential: made.credential, wrapped: toBase64(wrapped) };
}

/** One touch: the key, and with a challenge of the server's what signs in. */
export async function openByPasskey(locker: string, wraps: Wrap[], challenge?: string): Promise<Opened> {
  const wrap = wraps.find((w) => w.by === 'passkey');
  if (!wrap?.wrapped) throw new Problem('no_passkey');
  const { prf, response } = await use({ challenge: (challenge ? fromBase64url(challenge) : random(32)) as BufferSource }, fromBase64url(wrap.credential ?? ''), fromBase64(wrap.salt));
  const key = await openWith(await passkeyKey(locker, prf), where(locker, 'passkey'), fromBase64(wrap.wrapped));
  if (!key) throw new Problem('no_passkey');
  return { key, wrap, response: challenge && told(response) };
}

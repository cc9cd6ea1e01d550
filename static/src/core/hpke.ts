// HPKE (RFC 9180), base mode, one message: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
// AES-256-GCM, on what every browser has. The server's own (Go's crypto/hpke) opens
// what this seals, and the tests hold both against the RFC's vectors.
const text = new TextEncoder();
const bytes = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);
const none = new Uint8Array(0);

export const join = (...parts: Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
};

const kemSuite = join(text.encode('KEM'), bytes(0x10));
const suite = join(text.encode('HPKE'), bytes(0x10), bytes(1), bytes(2));
const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const pointSize = 65;

async function hmac(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  // No browser takes an empty key; one of zeros is the same key to HMAC.
  const k = await crypto.subtle.importKey('raw', (key.length ? key : new Uint8Array(32)) as BufferSource, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', k, data as BufferSource));
}

const labelled = (of: Uint8Array, label: string, data: Uint8Array) => join(text.encode('HPKE-v1'), of, text.encode(label), data);
const extract = (of: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) => hmac(salt, labelled(of, label, ikm));
/** At most 32 bytes: one round is enough for all that is asked here. */
const expand = async (of: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
  (await hmac(prk, join(bytes(length), labelled(of, label, info), Uint8Array.of(1)))).slice(0, length);

async function keyAndNonce(dh: Uint8Array, context: Uint8Array, info: Uint8Array): Promise<[CryptoKey, Uint8Array]> {
  const shared = await expand(kemSuite, await extract(kemSuite, none, 'eae_prk', dh), 'shared_secret', context, 32);
  const [psk, hash] = await Promise.all([extract(suite, none, 'psk_id_hash', none), extract(suite, none, 'info_hash', info)]);
  const schedule = join(Uint8Array.of(0), psk, hash);
  const secret = await extract(suite, shared, 'secret', none);
  const [key, nonce] = await Promise.all([expand(suite, secret, 'key', schedule, 32), expand(suite, secret, 'base_nonce', schedule, 12)]);
  return [await crypto.subtle.importKey('raw', key as BufferSource, 'AES-GCM', false, ['encrypt', 'decrypt']), nonce];
}

const agree = async (own: CryptoKey, other: Uint8Array): Promise<Uint8Array> => {
  const theirs = await crypto.subtle.importKey('raw', other as BufferSource, curve, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, 256));
};

const rawOf = async (key: CryptoKey) => new Uint8Array(await crypto.subtle.exportKey('raw', key));

/** Seals for who has the private part of `to`, an uncompressed point. */
export async function sealFor(to: Uint8Array, info: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
  const pair = (await crypto.subtle.generateKey(curve, true, ['deriveBits'])) as CryptoKeyPair;
  const enc = await rawOf(pair.publicKey);
  const [key, nonce] = await keyAndNonce(await agree(pair.privateKey, to), join(enc, to), info);
  return join(enc, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce as BufferSource }, key, plain as BufferSource)));
}

/** Null when it was not sealed for this key and this info. `own` is the key's public part. */
export async function openFor(key: CryptoKey, own: Uint8Array, info: Uint8Array, sealed: Uint8Array): Promise<Uint8Array | null> {
  try {
    const enc = sealed.slice(0, pointSize);
    const [opens, nonce] = await keyAndNonce(await agree(key, enc), join(enc, own), info);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce as BufferSource }, opens, sealed.slice(pointSize) as BufferSource));
  } catch {
    return null;
  }
}

/** A new pair: the public part as a point, the private part as PKCS #8. */
export async function newPair(): Promise<{ open: Uint8Array; secret: Uint8Array }> {
  const pair = (await crypto.subtle.generateKey(curve, true, ['deriveBits'])) as CryptoKeyPair;
  return { open: await rawOf(pair.publicKey), secret: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)) };
}

/** The private part, to be used and not to be taken out again. */
export const secretKey = (pkcs8: Uint8Array): Promise<CryptoKey> => crypto.subtle.importKey('pkcs8', pkcs8 as BufferSource, curve, false, ['deriveBits']);

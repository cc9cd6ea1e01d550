// The vault: everything of a case that stays on this phone is sealed with the data
// key of its person, AES-256-GCM. The key is made here, never leaves the phone, and
// is in memory only while the vault is open; wraps.ts says how it is opened.

/** Seals and opens. What is sealed says which key it needs; the place (kind, id,
 *  version) is bound to it, so that nothing sealed can be moved elsewhere. */
export interface Vault {
  /** Tells keys apart: the first bytes of all that it seals. */
  readonly mark: Uint8Array;
  /** To hand to another tab of this app; its bytes cannot be read, here or there. */
  readonly key: CryptoKey;
  seal(place: string, plain: Uint8Array): Promise<Uint8Array>;
  /** Null when it was sealed with another key, for another place, or was changed. */
  open(place: string, sealed: Uint8Array): Promise<Uint8Array | null>;
}

/** Where something sealed belongs. */
export const place = (kind: string, id: string | number, version: number): string => `${kind}|${id}|${version}`;

export const keyBytes = 32;
const nonceBytes = 12;
export const markBytes = 4;
const text = new TextEncoder();

/** Makes a vault of a data key's bytes. They are not kept. */
export async function openVault(bytes: Uint8Array): Promise<Vault> {
  const key = await crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const mark = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource)).slice(0, markBytes);
  return vaultOf(key, mark);
}

/** The vault of a key that another tab holds, too. */
export function vaultOf(key: CryptoKey, mark: Uint8Array): Vault {
  return {
    key, mark,
    async seal(where, plain) {
      const sealed = await sealWith(key, where, plain);
      const out = new Uint8Array(markBytes + sealed.length);
      out.set(mark);
      out.set(sealed, markBytes);
      return out;
    },
    async open(where, sealed) {
      return sameBytes(mark, sealed.subarray(0, markBytes)) ? openWith(key, where, sealed.subarray(markBytes)) : null;
    },
  };
}

const params = (where: string, iv: Uint8Array) => ({ name: 'AES-GCM', iv: iv as BufferSource, additionalData: text.encode(where) as BufferSource });

/** A random nonce, and what it seals. */
export async function sealWith(key: CryptoKey, where: string, plain: Uint8Array): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(params(where, nonce), key, plain as BufferSource));
  const out = new Uint8Array(nonceBytes + sealed.length);
  out.set(nonce);
  out.set(sealed, nonceBytes);
  return out;
}

/** Null when the key, the place or a byte is not the right one. */
export async function openWith(key: CryptoKey, where: string, sealed: Uint8Array): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params(where, sealed.slice(0, nonceBytes)), key, sealed.slice(nonceBytes) as BufferSource));
  } catch {
    return null;
  }
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const fromBase64 = (s: string): Uint8Array => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
export const toBase64 = (b: Uint8Array): string => btoa(String.fromCharCode(...b));
export const toBase64url = (b: Uint8Array): string => toBase64(b).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
export const fromBase64url = (s: string): Uint8Array => fromBase64(s.replace(/-/g, '+').replace(/_/g, '/'));

/** JSON, sealed and opened. */
export const sealJSON = (v: Vault, where: string, value: unknown): Promise<Uint8Array> => v.seal(where, text.encode(JSON.stringify(value)));
export async function openJSON<T>(v: Vault, where: string, sealed: Uint8Array): Promise<T | null> {
  const plain = await v.open(where, sealed);
  return plain && (JSON.parse(new TextDecoder().decode(plain)) as T);
}

// The vault: everything of a case that stays on this phone is sealed with the
// person's key, AES-256-GCM. Until people lock it themselves, the key comes from
// the server with the session and is kept for starts without a network.
import type { Session } from './api';

/** Seals and opens. What is sealed says which key it needs; the place (kind, id,
 *  version) is bound to it, so that nothing sealed can be moved elsewhere. */
export interface Vault {
  seal(place: string, plain: Uint8Array): Promise<Uint8Array>;
  /** Null when it was sealed with another key, for another place, or was changed. */
  open(place: string, sealed: Uint8Array): Promise<Uint8Array | null>;
}

/** Where something sealed belongs. */
export const place = (kind: string, id: string | number, version: number): string => `${kind}|${id}|${version}`;

const nonceBytes = 12;
const markBytes = 4; // tells keys apart
const text = new TextEncoder();

/** Makes a vault of a key's 32 bytes. */
export async function openVault(bytes: Uint8Array): Promise<Vault> {
  const key = await crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const mark = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource)).slice(0, markBytes);
  const params = (where: string, iv: Uint8Array) => ({ name: 'AES-GCM', iv: iv as BufferSource, additionalData: text.encode(where) as BufferSource });
  return {
    async seal(where, plain) {
      const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
      const sealed = new Uint8Array(await crypto.subtle.encrypt(params(where, nonce), key, plain as BufferSource));
      const out = new Uint8Array(markBytes + nonceBytes + sealed.length);
      out.set(mark);
      out.set(nonce, markBytes);
      out.set(sealed, markBytes + nonceBytes);
      return out;
    },
    async open(where, sealed) {
      if (mark.some((b, i) => sealed[i] !== b)) return null;
      const nonce = sealed.slice(markBytes, markBytes + nonceBytes);
      try {
        return new Uint8Array(await crypto.subtle.decrypt(params(where, nonce), key, sealed.slice(markBytes + nonceBytes) as BufferSource));
      } catch {
        return null;
      }
    },
  };
}

/** What lies beside the journal: this phone's number always, and while somebody is
 *  signed in their session and key. */
export interface Kept {
  device: string;
  session?: Session;
  key?: string; // base64
  vapidKey?: string;
}

export const encodeKept = (kept: Kept): Uint8Array => text.encode(JSON.stringify(kept));

export function decodeKept(bytes: Uint8Array | undefined): Kept | null {
  try {
    return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as Kept) : null;
  } catch {
    return null;
  }
}

export const fromBase64 = (s: string): Uint8Array => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));

/** JSON, sealed and opened. */
export const sealJSON = (v: Vault, where: string, value: unknown): Promise<Uint8Array> => v.seal(where, text.encode(JSON.stringify(value)));
export async function openJSON<T>(v: Vault, where: string, sealed: Uint8Array): Promise<T | null> {
  const plain = await v.open(where, sealed);
  return plain && (JSON.parse(new TextDecoder().decode(plain)) as T);
}

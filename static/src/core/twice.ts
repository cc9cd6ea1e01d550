// What is sealed twice: its content once, under a key of its own, and that key twice,
// for who wrote it (their vault) and for the rescue key of the organisation that will
// own it. A phone that is locked can hand it in, and read nothing of it:
// [version][length][head as JSON][length][for the vault][length][for the rescue key][content].
import type { Outside } from './outside';
import { openWith, place, type Vault } from './vault';

/** The public part of an organisation's rescue key. */
export interface RescueKey {
  org: string;
  number: number;
  key: string; // base64, an uncompressed point
}

/** What lies in clear; `k` and `g` say which rescue key. */
export interface TwiceHead {
  t: 'commit' | 'photo';
  o?: number;
  c: string;
  w?: Outside[];
  k: number;
  g: string;
}

export const twiceVersion = 3;

export interface Twice {
  head: string;
  own: Uint8Array; // the content's key, under the vault's
  wrap: Uint8Array; // the content's key, under the rescue key
  sealed: Uint8Array; // the content
}

/** Null for what is not of this shape. */
export function cutTwice(payload: Uint8Array): Twice | null {
  if (payload[0] !== twiceVersion) return null;
  let at = 1;
  const part = () => {
    const end = at + 2 + ((payload[at] << 8) | payload[at + 1]);
    const bytes = payload.slice(at + 2, end);
    at = end;
    return bytes;
  };
  const [head, own, wrap] = [part(), part(), part()];
  return at < payload.length ? { head: new TextDecoder().decode(head), own, wrap, sealed: payload.slice(at) } : null;
}

export const placeOfKey = (head: string): string => place('key', head, twiceVersion);
export const placeOfContent = (head: string): string => place('twice', head, twiceVersion);

/** Opens it with the vault of who wrote it; null when it is not theirs. */
export async function openTwice(vault: Vault, twice: Twice): Promise<Uint8Array | null> {
  const bytes = await vault.open(placeOfKey(twice.head), twice.own);
  if (!bytes) return null;
  const key = await crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, ['decrypt']);
  return openWith(key, placeOfContent(twice.head), twice.sealed);
}

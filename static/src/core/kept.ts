// What lies in clear beside the journal: random numbers, and copies of data keys
// that need a passphrase or a passkey to open. Nothing in it names a person.
import type { Session } from './api';
import type { Enrolment } from './http';
import type { RescueKey } from './twice';
import { fromBase64, openJSON, place, sealJSON, toBase64, type Vault } from './vault';

/** One wrapped copy of a data key. */
export interface Wrap {
  by: 'passphrase' | 'passkey';
  salt: string; // base64
  wrapped?: string; // base64; missing after too many wrong tries: then only the server has it
  memory?: number; // KiB, of Argon2id
  passes?: number; // of Argon2id
  credential?: string; // base64url, of the passkey
  signs?: boolean; // the passkey signs in, too: the server knows it
}

/** What the server has said to a phone that was lost. */
export type Order = 'blocked' | 'wipe' | 'wipe_all' | 'wiped';

/** What is needed to open one person's vault on this phone. */
export interface Locker {
  mark: string; // base64, of the data key
  wraps: Wrap[];
  tries: number; // wrong ones since the last right one
  contact?: number; // ms, this phone's clock, when the server last let this person in
  seen?: number; // ms, the greatest time that was ever seen since
  secret?: string; // base64, sealed; gone when the person signed out
  lease?: number; // days without the server, as the organisation has decided and as last told
  unused?: number; // minutes without a touch; the same
  hidden?: number; // minutes out of sight; the same
  wrong?: number; // tries that the server has not been told of
  order?: Order; // as last told: while there is one, nothing opens
}

export interface Kept {
  device: string;
  now?: string; // the locker that is in use
  last?: string; // the one that was, after signing out
  lockers: Record<string, Locker>; // by random number
}

/** What a locker holds: who is signed in, and what the session has to show. */
export interface Secret {
  session: Session;
  vapidKey: string;
  proof: string; // base64url
  rescue?: RescueKey[]; // public keys that work is sealed for, too
  pending?: Enrolment; // the server has not been told of this vault yet
}

export const encodeKept = (kept: Kept): Uint8Array => new TextEncoder().encode(JSON.stringify(kept));

export function decodeKept(bytes: Uint8Array | undefined): Kept {
  try {
    const kept = JSON.parse(new TextDecoder().decode(bytes)) as Kept;
    if (kept.device && kept.lockers) return kept;
  } catch {
    // Nothing there, or nothing that can be read: this phone starts anew.
  }
  return { device: crypto.randomUUID(), lockers: {} };
}

const where = (locker: string) => place('secret', locker, 1);

export const sealSecret = async (v: Vault, locker: string, secret: Secret): Promise<string> => toBase64(await sealJSON(v, where(locker), secret));

export const openSecret = async (v: Vault, locker: string, sealed: string): Promise<Secret | null> => openJSON<Secret>(v, where(locker), fromBase64(sealed));

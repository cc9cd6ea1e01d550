// The key that signs on this phone: made here, not to be taken out, its public part
// known to the server. It lies in IndexedDB, because only there can a key lie that
// script cannot read; when that is lost, a new one is made and told.
import { openDB } from 'idb';
import { Problem } from './api';
import { fetchJSON } from './http';
import { toBase64 } from './vault';

const how = { name: 'ECDSA', namedCurve: 'P-256' } as const;

interface Kept {
  keys: CryptoKeyPair;
  told: boolean; // the server has the public part
}

let current: Promise<Kept> | null = null;

const table = () => openDB('bokvar-signing', 1, { upgrade: (db) => void db.createObjectStore('keys') });

/** The pair of this locker, made when there is none. */
async function load(locker: string): Promise<Kept> {
  const db = await table().catch(table); // a wiped origin sometimes fails once
  try {
    const kept = (await db.get('keys', locker)) as Kept | undefined;
    if (kept?.keys) return kept;
    const made: Kept = { keys: (await crypto.subtle.generateKey(how, false, ['sign', 'verify'])) as CryptoKeyPair, told: false };
    await db.put('keys', made, locker);
    return made;
  } finally {
    db.close();
  }
}

/** Throws a locker's pair away. */
export async function forgetSigning(locker: string): Promise<void> {
  const db = await table().catch(() => null);
  await db?.delete('keys', locker);
  db?.close();
}

/** Makes sure that the server knows the key of this phone. `known`: it says that it has one. */
export async function enrolSigning(locker: string, known: boolean): Promise<void> {
  const kept = await (current ??= load(locker));
  if (kept.told && known) return;
  const key = toBase64(new Uint8Array(await crypto.subtle.exportKey('spki', kept.keys.publicKey)));
  await fetchJSON('/api/device/signing', { method: 'PUT', body: { key } });
  kept.told = true;
  const db = await table();
  await db.put('keys', kept, locker);
  db.close();
}

/** Signs with the key that the server knows of this locker, locked or not. Rejects with device_unknown. */
export async function signKnown(locker: string, bytes: Uint8Array): Promise<Uint8Array> {
  const db = await table().catch(table);
  const kept = (await db.get('keys', locker).finally(() => db.close())) as Kept | undefined;
  if (!kept?.told) throw new Problem('device_unknown');
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, kept.keys.privateKey, bytes as BufferSource));
}

/** Signs on behalf of this phone: ECDSA P-256 with SHA-256, 64 bytes (r, s). */
export async function sign(locker: string, bytes: Uint8Array): Promise<Uint8Array> {
  const { keys } = await (current ??= load(locker));
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, bytes as BufferSource));
}

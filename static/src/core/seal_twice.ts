// Seals twice (twice.ts); fetched when the first thing is written.
import type { SealTwice } from './diary';
import { join, sealFor } from './hpke';
import { placeOfContent, placeOfKey, twiceVersion, type RescueKey, type TwiceHead } from './twice';
import { fromBase64, keyBytes, sealWith, type Vault } from './vault';

const text = new TextEncoder();

/** The key of the organisation that will own all of these changes; undefined when
 *  there is none, or when they belong to several. */
export function rescueFor(keys: RescueKey[] | undefined, home: string, changes: { org?: string }[]): RescueKey | undefined {
  const owners = new Set(changes.map((c) => c.org || home));
  return owners.size === 1 ? keys?.find((k) => owners.has(k.org)) : undefined;
}

/** A commit's line, where its owner has a rescue key. */
export async function sealLineTwice(vault: Vault, keys: RescueKey[], home: string, ...[head, changes, plain]: Parameters<SealTwice>): Promise<Uint8Array | null> {
  const key = rescueFor(keys, home, changes);
  return key ? sealTwice(vault, key, head, plain) : null;
}

/** Binds what is sealed for a rescue key to its use. */
export const rescueInfo = (head: string): Uint8Array => text.encode(`bokvar rescue 1\n${head}`);

const sized = (bytes: Uint8Array): Uint8Array => join(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);

export async function sealTwice(vault: Vault, rescue: RescueKey, of: Omit<TwiceHead, 'k' | 'g'>, plain: Uint8Array): Promise<Uint8Array> {
  const head = JSON.stringify({ ...of, k: rescue.number, g: rescue.org } satisfies TwiceHead);
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes));
  const key = await crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, ['encrypt']);
  const [own, wrap, sealed] = await Promise.all([
    vault.seal(placeOfKey(head), bytes), sealFor(fromBase64(rescue.key), rescueInfo(head), bytes), sealWith(key, placeOfContent(head), plain),
  ]);
  bytes.fill(0);
  return join(Uint8Array.of(twiceVersion), sized(text.encode(head)), sized(own), sized(wrap), sealed);
}

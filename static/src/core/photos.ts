// Pictures: made small on the phone, kept sealed beside the journal, and sent in
// parts after the record that speaks of them. Fetched when the first one is needed.
import { fetchBytes, fetchJSON } from './http';
import type { Journal } from './journal_port';
import { Problem, unsaved, type Change } from './api';
import { rescueFor, sealTwice } from './seal_twice';
import { cutTwice, openTwice, type RescueKey } from './twice';
import { place, type Vault } from './vault';

/** What a picture belongs to. */
export interface PhotoOf {
  household: string;
  case: string;
  contact?: string;
}

/** What the pictures ask of the core. */
export interface PhotoHost {
  journal: Journal;
  vault: Vault;
  rescue: RescueKey[] | undefined;
  org: string;
  me: string;
  commit(changes: Change[]): Promise<string>;
  /** How the record stands: not sent yet, with the server, or unknown here. */
  standing(record: string): 'waits' | 'sent' | 'unknown';
}

const longest = 1600; // px, as the server takes them
const most = 2 << 20; // bytes
const partSize = 128 << 10; // bytes
const thumbSide = 240; // px
const thumbLength = 24_000; // characters of base64

const where = (id: string) => place('photo', id, 1);

async function draw(picture: ImageBitmap, side: number, quality: number): Promise<Uint8Array> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
  if (!blob) throw new Problem('photo_unreadable');
  return new Uint8Array(await blob.arrayBuffer());
}

/** The best of some qualities that is small enough. */
async function within(picture: ImageBitmap, side: number, fits: (jpeg: Uint8Array) => boolean): Promise<Uint8Array> {
  for (const [part, quality] of [[1, 0.82], [1, 0.65], [0.75, 0.6], [0.5, 0.5]]) {
    const jpeg = await draw(picture, side * part, quality);
    if (fits(jpeg)) return jpeg;
  }
  throw new Problem('photo_unreadable');
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');

/** Makes a picture small, keeps it, and writes its record. Only pixels go on: what a
 *  camera writes beside them (place, time, owner) stays behind. Resolves when both
 *  are on this phone. */
export async function addPhoto(host: PhotoHost, of: PhotoOf, caption: string, file: Blob, id: string, at: number): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!picture) throw new Problem('photo_unreadable');
  const full = await within(picture, longest, (jpeg) => jpeg.length <= most);
  const thumb = await within(picture, thumbSide, (jpeg) => jpeg.length * 4 <= thumbLength * 3 - 12);
  picture.close();
  const rescue = rescueFor(host.rescue, host.org, [{}]);
  const sealed = rescue ? await sealTwice(host.vault, rescue, { t: 'photo', c: id }, full) : await host.vault.seal(where(id), full);
  await host.journal.keepPhoto(id, sealed);
  const hash = hex(await crypto.subtle.digest('SHA-256', full as BufferSource));
  try {
    return await host.commit([{ kind: 'photo', record: id, fields: { ...of, caption: caption || null, size: full.length, hash, thumb: base64(thumb), at, by: host.me } }]);
  } catch (e) {
    await host.journal.dropPhoto(id).catch(() => undefined);
    throw e;
  }
}

/** The picture of a paper that was signed: made small, bare of all but pixels, and kept,
 *  for its record to follow in the consent's own commit. Sealed for its person alone: it
 *  belongs to social services, and no rescue key of a landlord's opens it. */
export async function keepPaper(host: PhotoHost, file: Blob, id: string): Promise<{ size: number; hash: string }> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!picture) throw new Problem('photo_unreadable');
  const full = bare(await within(picture, longest, (jpeg) => jpeg.length <= most));
  picture.close();
  await host.journal.keepPhoto(id, await host.vault.seal(where(id), full));
  return { size: full.length, hash: hex(await crypto.subtle.digest('SHA-256', full as BufferSource)) };
}

const endOfScan = (jpeg: Uint8Array, at: number): number => {
  while (at + 1 < jpeg.length && !(jpeg[at] === 0xff && jpeg[at + 1] !== 0 && (jpeg[at + 1] < 0xd0 || jpeg[at + 1] > 0xd7))) at++;
  return at;
};
const needed = new Set([0xe0, 0xdb, 0xc0, 0xc1, 0xc2, 0xc4, 0xdd, 0xda]); // JFIF, tables, frames, scans

/** A JPEG without the segments that are no pixels: some browsers write a colour profile or
 *  a comment. The server takes nothing else (photo.Bare). */
export function bare(jpeg: Uint8Array): Uint8Array {
  const kept = [jpeg.subarray(0, 2)];
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const [mark, marker] = [jpeg[at], jpeg[at + 1]];
    if (mark !== 0xff) throw new Problem('photo_unreadable');
    if (marker === 0xd9) break;
    const size = jpeg[at + 2] * 256 + jpeg[at + 3];
    const end = marker === 0xda ? endOfScan(jpeg, at + 2 + size) : at + 2 + size;
    if (needed.has(marker) && !(marker === 0xe0 && size !== 16)) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  kept.push(new Uint8Array([0xff, 0xd9]));
  const out = new Uint8Array(kept.reduce((n, part) => n + part.length, 0));
  let to = 0;
  for (const part of kept) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}

/** The picture as it is kept here, null when it is not. */
async function kept(host: PhotoHost, id: string): Promise<Uint8Array | null> {
  const sealed = await host.journal.photo(id).catch(() => undefined);
  if (!sealed) return null;
  const twice = cutTwice(sealed);
  return (twice && (await openTwice(host.vault, twice))) || host.vault.open(where(id), sealed);
}

/** The whole picture, from this phone or the server; one that nobody has saved is here or nowhere. */
export async function photo(host: PhotoHost, id: string): Promise<Blob> {
  const here = await kept(host, id);
  if (!here && id.startsWith(unsaved)) throw new Problem('not_found');
  return new Blob([(here ?? (await fetchBytes(`/api/photos/${id}`))) as BlobPart], { type: 'image/jpeg' });
}

interface Missing {
  complete: boolean;
  missing: number[];
}

/** Sends what can be sent, one part after the other, and lets go of what the server has. */
export async function sendPhotos(host: PhotoHost, go: () => boolean): Promise<void> {
  for (const id of await host.journal.photos()) await send(host, id, go);
}

async function send(host: PhotoHost, id: string, go: () => boolean): Promise<void> {
  if (host.standing(id) === 'waits') return; // the text goes first
  try {
    const picture = await kept(host, id);
    if (!picture) return; // another person's
    let state = await fetchJSON<Missing>(`/api/photos/${id}/parts`);
    for (const n of state.missing) {
      if (!go()) return;
      const part = picture.slice(n * partSize, (n + 1) * partSize);
      state = await fetchJSON<Missing>(`/api/photos/${id}/parts/${n}`, { method: 'PUT', raw: part });
    }
    if (!state.complete) return;
  } catch (e) {
    const code = e instanceof Problem ? e.code : '';
    // Nothing there speaks of it, and nothing here does any more: then it is nobody's.
    const nobodys = code === 'not_found' && host.standing(id) === 'unknown';
    if (!nobodys && code !== 'photo_unreadable') return;
  }
  await host.journal.dropPhoto(id);
}

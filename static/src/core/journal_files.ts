// The journal's files in OPFS, for whoever reads them: its worker, and the service
// worker, which may not hold one open. It sees sealed bytes only.
import { unsaved } from './api';
import { scanFrames } from './frames';

export interface Part {
  name: string;
  turn: number; // of the rewrites of one tab's journal: the newest is appended to
}

/** The folder they are in; null when there is none and none is to be made. */
export async function folder(create: boolean): Promise<FileSystemDirectoryHandle | null> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('bokvar', { create }).catch((e) => {
    if (create) throw e;
    return null;
  });
}

const turnOf = (name: string) => Number(name.slice(name.lastIndexOf('-') + 1));

/** Those that begin with a word, the oldest first. */
export async function names(dir: FileSystemDirectoryHandle, prefix: string): Promise<Part[]> {
  const found: Part[] = [];
  for await (const name of dir.keys()) if (name.startsWith(prefix)) found.push({ name, turn: turnOf(name) });
  return found.sort((a, b) => a.turn - b.turn);
}

export async function read(dir: FileSystemDirectoryHandle, name: string): Promise<Uint8Array> {
  const handle = await dir.getFileHandle(name);
  return new Uint8Array(await (await handle.getFile()).arrayBuffer());
}

/** The records of files; the list is made anew when one has been replaced meanwhile. */
export async function readAll(dir: FileSystemDirectoryHandle, list = () => names(dir, 'journal-')): Promise<{ parts: Part[]; payloads: Uint8Array[] }> {
  for (let tries = 0; ; tries++) {
    const parts = await list();
    try {
      const payloads: Uint8Array[] = [];
      for (const part of parts) payloads.push(...scanFrames(await read(dir, part.name)).payloads);
      return { parts, payloads };
    } catch (e) {
      if (tries >= 10) throw e;
    }
  }
}

/** What is needed to open the journal, as it was kept last. */
export async function readVault(dir: FileSystemDirectoryHandle): Promise<Uint8Array | undefined> {
  for (const part of (await names(dir, 'vault-')).reverse()) {
    const { payloads } = scanFrames(await read(dir, part.name));
    if (payloads.length > 0) return payloads[0];
  }
  return undefined;
}

const photo = 'photo-';

export const photoName = (id: string): string => (id.startsWith(unsaved) ? id : photo + id);
export const readPhotos = async (dir: FileSystemDirectoryHandle): Promise<string[]> => (await names(dir, photo)).map((p) => p.name.slice(photo.length));
export const readPhoto = async (dir: FileSystemDirectoryHandle, id: string): Promise<Uint8Array | undefined> => scanFrames(await read(dir, photoName(id))).payloads[0];

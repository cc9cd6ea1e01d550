// The journal's worker: the only place that holds a file open for writing. One file
// per tab, appended to and flushed before anything is called safe. It sees sealed
// bytes only.
import { encodeFrames, scanFrames } from './frames';
import { folder, names as namesIn, photoName, read, readAll as readAllIn, readPhoto, readPhotos, readVault, type Part } from './journal_files';
import type { JournalAnswer, JournalOrder } from './journal_messages';

declare const self: DedicatedWorkerGlobalScope;

let dir: FileSystemDirectoryHandle;
let tab = '';
let current: Part;
let file: FileSystemSyncAccessHandle;
let size = 0;
let sequence = 0;

const journalName = (t: string, turn: number) => `journal-${t}-${turn}`;
const names = (prefix: string) => namesIn(dir, prefix);
const readAll = (list?: () => Promise<Part[]>) => readAllIn(dir, list);

/** A handle is exclusive; that of a tab that has just gone may take a moment to be let go. */
async function openFile(name: string): Promise<FileSystemSyncAccessHandle> {
  const handle = await dir.getFileHandle(name, { create: true });
  for (let tries = 0; ; tries++) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (e) {
      if (tries >= 40) throw e;
      await new Promise((again) => setTimeout(again, 50));
    }
  }
}

async function open(t: string): Promise<JournalAnswer> {
  dir = (await folder(true))!;
  tab = t;
  const others = async () => (await names('journal-')).filter((p) => !p.name.startsWith(`journal-${t}-`));
  const entries = (await readAll(others)).payloads;
  let own = await names(`journal-${tab}-`);
  current = own.at(-1) ?? { name: journalName(tab, 1), turn: 1 };
  try {
    file = await openFile(current.name);
  } catch {
    // Somebody who has stopped answering still holds it: read it, and write beside it.
    entries.push(...(await readAll(() => names(`journal-${t}-`))).payloads);
    tab = `${t}.${Date.now().toString(36)}`;
    own = [];
    current = { name: journalName(tab, 1), turn: 1 };
    file = await openFile(current.name);
  }
  const mine = await takeUp();
  entries.push(...mine);
  if (own.length > 1) {
    // A rewrite was cut off: both parts count until one holds everything.
    const older: Uint8Array[] = [];
    for (const part of own.slice(0, -1)) older.push(...scanFrames(await read(dir, part.name)).payloads);
    entries.push(...older);
    await rewrite([...older, ...mine]);
  }
  return { vault: await readVault(dir), entries, size };
}

/** Reads the open file and cuts a torn end off. */
async function takeUp(): Promise<Uint8Array[]> {
  const bytes = new Uint8Array(await file.getSize());
  file.read(bytes, { at: 0 });
  const scan = scanFrames(bytes);
  if (scan.good < bytes.length) await file.truncate(scan.good);
  size = scan.good;
  sequence = scan.next;
  return scan.payloads;
}

function put(to: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void {
  const written = to.write(bytes, { at });
  if (written !== bytes.length) throw new DOMException('no room', 'QuotaExceededError');
}

async function append(payloads: Uint8Array[]): Promise<JournalAnswer> {
  const bytes = encodeFrames(payloads, sequence);
  try {
    put(file, bytes, size);
    await file.flush();
  } catch (e) {
    await file.truncate(size); // nothing half-written
    await file.flush();
    throw e;
  }
  size += bytes.length;
  sequence += payloads.length;
  return { size };
}

/** Replaces this tab's journal. The old file goes when the new one is on disk. */
async function rewrite(payloads: Uint8Array[]): Promise<JournalAnswer> {
  const turn = current.turn + 1;
  const name = journalName(tab, turn);
  const fresh = await openFile(name);
  const bytes = encodeFrames(payloads, 0);
  try {
    await fresh.truncate(0);
    put(fresh, bytes, 0);
    await fresh.flush();
  } catch (e) {
    await fresh.close();
    await dir.removeEntry(name);
    throw e;
  }
  await file.close();
  for (const part of await names(`journal-${tab}-`)) if (part.turn < turn) await dir.removeEntry(part.name);
  file = fresh;
  current = { name, turn };
  size = bytes.length;
  sequence = payloads.length;
  return { size };
}

/** The journals of tabs that are gone. */
async function orphans(living: string[]): Promise<Part[]> {
  const all = await names('journal-');
  return all.filter((p) => ![...living, tab].some((t) => p.name.startsWith(`journal-${t}-`)));
}

async function readOrphans(living: string[]): Promise<JournalAnswer> {
  const { parts, payloads } = await readAll(() => orphans(living));
  return { entries: payloads, from: parts.map((p) => p.name) };
}

/** One that was opened again meanwhile cannot be removed, and stays. */
async function remove(files: string[]): Promise<JournalAnswer> {
  for (const name of files) await dir.removeEntry(name).catch(() => undefined);
  return {};
}

async function keep(vault: Uint8Array): Promise<JournalAnswer> {
  const before = await names('vault-');
  const name = `vault-${(before.at(-1)?.turn ?? 0) + 1}`;
  const to = await openFile(name);
  try {
    await to.truncate(0);
    put(to, encodeFrames([vault], 0), 0);
    await to.flush();
  } finally {
    await to.close();
  }
  for (const part of before) await dir.removeEntry(part.name).catch(() => undefined);
  return {};
}

/** A picture in a file of its own, whole or not at all. */
async function keepPhoto(id: string, sealed: Uint8Array): Promise<JournalAnswer> {
  const name = photoName(id);
  const to = await openFile(name);
  try {
    await to.truncate(0);
    put(to, encodeFrames([sealed], 0), 0);
    await to.flush();
    await to.close();
  } catch (e) {
    await to.close();
    await dir.removeEntry(name);
    throw e;
  }
  return {};
}

async function obey(order: JournalOrder): Promise<JournalAnswer> {
  switch (order.op) {
    case 'open': return open(order.tab);
    case 'read': return { entries: (await readAll()).payloads };
    case 'append': return append(order.payloads);
    case 'rewrite': return rewrite(order.payloads);
    case 'orphans': return readOrphans(order.living);
    case 'remove': return remove(order.files);
    case 'keep': return keep(order.vault);
    case 'kept': return { vault: await readVault(dir) };
    case 'keepPhoto': return keepPhoto(order.id, order.sealed);
    case 'photos': return { photos: await readPhotos(dir) };
    case 'photo': return { photo: await readPhoto(dir, order.id) };
    case 'dropPhoto':
      await dir.removeEntry(photoName(order.id));
      return {};
  }
}

let line: Promise<unknown> = Promise.resolve(); // orders are carried out one after the other

self.onmessage = (e: MessageEvent<{ id: number; order: JournalOrder }>) => {
  const { id, order } = e.data;
  line = line.then(() => obey(order)).then(
    (answer) => self.postMessage({ id, answer }),
    (error: unknown) => self.postMessage({ id, error: error instanceof Error ? error.name : String(error) }),
  );
};

// Hands in what waits on this phone while no page does it: sealed as it is, signed with
// the phone's own key, read from the same files that the pages write. The worker can
// open nothing of it. Doing it twice, or beside a page, changes nothing: the server
// keeps each piece once, and what its writer sends later is the same work.
import { handInNow, type Readable } from '../core/hand_in';
import { handInLock, senderLock } from '../core/hand_in_names';
import { folder, readAll, readPhoto, readPhotos, readVault } from '../core/journal_files';
import { TableJournal } from '../core/journal_table';
import { decodeKept, type Locker } from '../core/kept';

declare const self: ServiceWorkerGlobalScope;

const memory = 'handed-in'; // a cache: what was handed in last, by locker; no content
const again = 86_400_000; // ms after which it is handed in once more all the same

/** The journal, for reading; nothing of it is made when there is none. */
async function here(): Promise<{ journal: Readable; vault?: Uint8Array }> {
  const dir = await folder(false).catch(() => null);
  if (dir) {
    const vault = await readVault(dir);
    return { vault, journal: { read: async () => ({ entries: (await readAll(dir)).payloads }), photos: () => readPhotos(dir), photo: (id) => readPhoto(dir, id) } };
  }
  const known = await indexedDB.databases().catch(() => []);
  if (!known.some((d) => d.name === 'bokvar-journal')) return { journal: { read: async () => ({}), photos: async () => [], photo: async () => undefined } };
  const journal = new TableJournal();
  return { journal, vault: (await journal.open('service worker')).vault };
}

/** A page that is looked at and has the vault open sends what waits by itself. */
async function aPageSends(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  if (!held.some((l) => l.name === senderLock)) return false;
  return (await self.clients.matchAll({ type: 'window' })).some((w) => w.visibilityState === 'visible');
}

/** Hands in what waits of all who work on this phone, unless somebody is at it.
 *  Rejects when it could not, so that the browser asks another time. */
export async function handInUnseen(): Promise<void> {
  if (await aPageSends()) throw new Error('a page sends');
  await navigator.locks.request(handInLock, { ifAvailable: true }, (lock) => {
    if (!lock) throw new Error('a page is at it'); // and may die of it
    return all();
  });
}

async function all(): Promise<void> {
  const { journal, vault } = await here();
  const lockers = Object.entries(decodeKept(vault).lockers);
  const done = await Promise.allSettled(lockers.map(([id, locker]) => one(journal, id, locker)));
  const failed = done.find((d) => d.status === 'rejected');
  if (failed) throw failed.reason;
}

async function one(journal: Readable, id: string, locker: Locker): Promise<void> {
  const cache = await caches.open(memory);
  const name = `/${memory}/${id}`;
  const last = (await cache.match(name).then((r) => r?.json()).catch(() => null)) as { what: string; at: number } | null;
  const known = last && Math.abs(Date.now() - last.at) < again ? last.what : '';
  const { what } = await handInNow(journal, id, locker.mark, known).catch((e) => {
    if ((e as { code?: string }).code === 'device_unknown') return { what: '' }; // nobody can take it in: not an error that goes away
    throw e;
  });
  if (what && what !== known) await cache.put(name, Response.json({ what, at: Date.now() }));
}

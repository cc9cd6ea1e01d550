// A phone that was lost. The server is asked what the phone is to do, by the random
// numbers of its lockers: nobody has to be signed in, or to unlock. A blocked phone
// opens no more, without a network too; one that is to be wiped hands in, deletes,
// and says so, in this order. What can be handed in to nobody keeps it from deleting,
// until it is told that this is lost, too (ADR 17). Fetched when somebody has worked here.
import { Problem } from './api';
import { openCopy } from './db';
import { forgetSigning } from './signing';
import type { Door } from './door';
import { fetchJSON } from './http';
import type { Order } from './kept';
import { fromBase64 } from './vault';

const receipt = 'bokvar-wiped'; // the locker that was deleted, and what was lost with it, until the server knows
const never = ['device_unknown', 'handed_full']; // asking again changes nothing
const patience = 5000; // ms for other tabs to let go of their files

/** Asks and obeys. Without a network everything stays as it was last told. */
export async function obey(door: Door): Promise<void> {
  await tellAgain();
  if (door.wiped) return;
  const lockers = Object.keys(door.kept.lockers).slice(-20);
  if (lockers.length === 0) return;
  const orders = await fetchJSON<Record<string, Order>>('/api/device/orders', { body: { lockers } }).catch(() => null);
  if (!orders) return;
  const before = JSON.stringify(door.kept);
  for (const id of lockers) door.kept.lockers[id].order = orders[id];
  if (JSON.stringify(door.kept) !== before) await door.keep();
  if (orders[door.locker] && door.vault) return door.house.closeVault(); // the page starts anew, and comes back here
  const kept: Record<string, number> = {};
  for (const id of lockers) {
    if (!orders[id]) continue;
    const { left, final } = orders[id] === 'wiped' ? { left: 0, final: true } : await handIn(door, id);
    if (orders[id] !== 'blocked' && (left === 0 || (final && orders[id] === 'wipe_all'))) await wipe(door, id, left);
    else if (final && left > 0 && orders[id] === 'wipe') kept[id] = left;
  }
  // Whoever wants it wiped is told what it waits for.
  if (Object.keys(kept).length > 0) await fetchJSON('/api/device/orders', { body: { lockers: Object.keys(kept), left: kept } }).catch(() => null);
  door.show();
}

/** Hands in what waits, sealed as it is, and says how much is still on this phone alone,
 *  and whether asking again could change that. */
async function handIn(door: Door, id: string): Promise<{ left: number; final: boolean }> {
  const { mark } = door.kept.lockers[id];
  let final = true;
  const done = await door.house.handInOf(id, mark).catch((e) => {
    final = e instanceof Problem && never.includes(e.code);
    return null;
  });
  const left = done ? done.left : door.house.waiting(fromBase64(mark));
  if (id === door.locker) door.handed = { left, there: done ? done.kept + done.known : 0 };
  return { left: done ? left : Math.max(1, left), final }; // not asked, or not answered: something may be here
}

/** Nothing is deleted before everything is somewhere else, or given up by those whose it is. */
async function wipe(door: Door, id: string, lost: number): Promise<void> {
  const whole = Object.keys(door.kept.lockers).length === 1;
  const told = door.kept.lockers[id].order === 'wiped';
  if (whole) await everything(door, id, lost);
  else await one(door, id, lost);
  door.wiped ||= id === door.locker || whole;
  if (!told) await fetchJSON('/api/device/wiped', { body: { locker: id, whole, lost } }).catch(() => null).then((answer) => answer !== null && localStorage.removeItem(receipt));
}

/** Somebody else has a vault here, too: this one goes, with all that opens it. */
async function one(door: Door, id: string, lost: number): Promise<void> {
  localStorage.setItem(receipt, `${id} ${lost}`);
  const { mark } = door.kept.lockers[id];
  delete door.kept.lockers[id];
  await door.keep({ now: door.kept.now === id ? undefined : door.kept.now, last: door.kept.last === id ? undefined : door.kept.last });
  const copy = await openCopy().catch(() => null);
  if (copy && (await copy.get('meta', 1))?.owner === mark) {
    const tx = copy.transaction(['meta', 'chunks'], 'readwrite');
    void tx.objectStore('meta').clear();
    void tx.objectStore('chunks').clear();
    await tx.done;
  }
  copy?.close();
  await forgetSigning(id);
}

/** Nobody else has anything here: nothing is left but that it was done. */
async function everything(door: Door, id: string, lost: number): Promise<void> {
  door.house.letGo();
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem(receipt, `${id} ${lost}`);
  const names = (await indexedDB.databases?.().catch(() => null)) ?? [{ name: 'bokvar' }, { name: 'bokvar-signing' }, { name: 'bokvar-journal' }];
  await Promise.all(names.map(({ name }) => name && gone(name)));
  await emptyFiles();
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  door.kept.lockers = {};
  delete door.kept.now;
  delete door.kept.last;
}

const gone = (name: string) =>
  new Promise<void>((done) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = asked.onerror = () => done();
    setTimeout(done, patience); // a tab that sleeps holds it: the browser deletes it when that one ends
  });

/** A file that another tab is still letting go of is tried again. */
async function emptyFiles(): Promise<void> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null);
  const end = Date.now() + patience;
  for (let tries = 0; root && (tries === 0 || Date.now() < end); tries++) {
    const names: string[] = [];
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    if (names.length === 0) return;
    await Promise.all(names.map((name) => root.removeEntry(name, { recursive: true }).catch(() => undefined)));
    await new Promise((again) => setTimeout(again, 100));
  }
}

/** The receipt could not be given when it was done. */
async function tellAgain(): Promise<void> {
  const [locker, lost] = (localStorage.getItem(receipt) ?? '').split(' ');
  if (!locker) return;
  await fetchJSON('/api/device/wiped', { body: { locker, lost: Number(lost ?? 0) } }).then(() => localStorage.removeItem(receipt), () => undefined);
}

// Hands in what this phone cannot send: it is locked, its lease is over, it was
// blocked. Nothing is opened here; the phone's own key signs what goes up, and nobody
// has to be signed in. It can be done again and again: the server keeps each piece once.
import type { HandedIn } from './api';
import { unsentOf } from './diary';
import { handInLock } from './hand_in_names';
import { fetchJSON } from './http';
import type { Journal } from './journal_port';
import type { JournalAnswer } from './journal_messages';
import { signKnown } from './signing';
import { cutTwice, type Twice } from './twice';
import { fromBase64, sameBytes, toBase64 } from './vault';

/** The journal, as far as it is read here: the service worker has no more of it. */
export type Readable = { read(): Promise<JournalAnswer> } & Pick<Journal, 'photos' | 'photo'>;

interface Piece {
  id: string;
  twice: Twice;
}
interface Entry {
  head: string;
  wrap: string;
  sealed: string;
  part: number;
  parts: number;
}
interface Taken {
  kept: string[];
  known: string[];
  refused: string[];
  closed: string[];
}

const partSize = 128 << 10; // bytes of a picture at a time
const atOnce = 190_000; // characters of a request's entries
const mostEntries = 400;

const text = new TextEncoder();

// By pieces: a picture is too large to be handed over as arguments.
const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));

const none = new Uint8Array(0);
/** A withdrawal that is sealed for this phone alone: its head says what is needed. */
const bare = (head: string): Twice => ({ head, own: none, wrap: none, sealed: none });

/** Everything of the key with this mark that waits here and was sealed twice. */
async function pieces(journal: Readable, mark: Uint8Array): Promise<{ sealed: Piece[]; only: number }> {
  const lines = unsentOf((await journal.read()).entries ?? [], mark);
  const waiting = lines.map(({ commit, payload }) => ({ id: commit, twice: cutTwice(payload) }));
  for (const id of await journal.photos().catch(() => [])) {
    const bytes = await journal.photo(id).catch(() => undefined);
    const twice = bytes && cutTwice(bytes);
    if (twice && sameBytes(twice.own.subarray(0, mark.length), mark)) waiting.push({ id, twice });
  }
  const sealed = waiting.filter((p): p is Piece => p.twice !== null);
  const only = waiting.length - sealed.length;
  const outside = lines.filter((l, i) => !waiting[i].twice && JSON.parse(l.head).w).map((l) => ({ id: l.commit, twice: bare(l.head) }));
  return { sealed: [...sealed, ...outside], only };
}

/** A piece as it travels: a commit whole, a picture in parts. */
function entriesOf({ twice }: Piece): Entry[] {
  const parts = Math.max(1, Math.ceil(twice.sealed.length / partSize));
  const whole = twice.sealed.length <= partSize * 1.5 ? 1 : parts; // a commit is never cut
  return Array.from({ length: whole }, (_, part) => ({
    head: twice.head, wrap: base64(twice.wrap), part, parts: whole,
    sealed: base64(whole === 1 ? twice.sealed : twice.sealed.subarray(part * partSize, (part + 1) * partSize)),
  }));
}

/** The requests that take them, each as the bytes that are signed. */
function payloads(locker: string, all: Piece[]): string[] {
  const batches: Entry[][] = [];
  let size = Infinity;
  for (const entry of all.flatMap(entriesOf)) {
    const more = entry.sealed.length + entry.head.length + 250;
    if (size + more > atOnce || batches.at(-1)!.length >= mostEntries) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)!.push(entry);
    size += more;
  }
  return batches.map((entries) => JSON.stringify({ locker, entries }));
}

/** What was signed, for the server or for a file. */
export interface Signed {
  payload: string;
  signature: string;
}

/** Everything that waits here, signed. Rejects with device_unknown where the server has no key of this phone. */
export async function signedWork(journal: Readable, locker: string, mark: Uint8Array): Promise<{ signed: Signed[]; count: number; only: number }> {
  const { sealed, only } = await pieces(journal, mark);
  return { signed: await signAll(locker, sealed), count: sealed.filter((p) => p.twice.wrap !== none).length, only };
}

async function signAll(locker: string, sealed: Piece[]): Promise<Signed[]> {
  const signed: Signed[] = [];
  for (const payload of payloads(locker, sealed)) signed.push({ payload, signature: toBase64(await signKnown(locker, text.encode(payload))) });
  return signed;
}

/** Sends what was signed, here or on another phone. */
export async function sendSigned(signed: Signed[]): Promise<{ kept: number; known: number; refused: number; closed: number }> {
  const sum = { kept: 0, known: 0, refused: 0, closed: 0 };
  for (const each of signed) {
    const taken = await fetchJSON<Taken>('/api/handin', { body: each });
    sum.kept += taken.kept.length;
    sum.known += taken.known.length;
    sum.refused += taken.refused.length;
    sum.closed += taken.closed.length;
  }
  return sum;
}

/** Hands everything in that waits; one at a time, of pages and the service worker.
 *  Rejects with a Problem: offline, device_unknown, handed_full … */
export const handIn = (journal: Readable, locker: string, mark: string): Promise<HandedIn> =>
  navigator.locks.request(handInLock, () => handInNow(journal, locker, mark));

/** The same for who has the lock. `what` names all that waits; when it is `known`,
 *  nothing is sent: it was handed in before. */
export async function handInNow(journal: Readable, locker: string, mark: string, known = ''): Promise<HandedIn & { what: string }> {
  const { sealed, only } = await pieces(journal, fromBase64(mark));
  const what = sealed.length === 0 ? '' : toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', text.encode(sealed.map((p) => p.twice.head).join('\n')))));
  if (what === known) return { kept: 0, known: sealed.length, left: only, closed: 0, what };
  const sum = await sendSigned(await signAll(locker, sealed));
  return { kept: sum.kept, known: sum.known, left: only + sum.refused, closed: sum.closed, what };
}

// The readable copy: the server's records as this person may see them, sealed, with
// the cursor they belong to. It can be lost at any time (Chromium loses all of an
// origin's IndexedDB now and then when it is killed): then it is fetched anew.
//
// Records lie in chunks, one per page, later ones over earlier ones; so a page is
// one small transaction, and a start opens a few chunks instead of every record.
import { openDB, type IDBPDatabase } from 'idb';
import { openJSON, place, sealJSON, toBase64, type Vault } from './vault';
import type { WireRecord } from './wire';

export interface Meta {
  owner: string; // mark of the data key, base64
  generation: string;
  cursor: number;
  epoch: number;
  waits?: number; // records that were still to come
  lastReceipt: number | null; // ms
}

const most = 48; // chunks before they are written as few
const perChunk = 400; // records
const where = (key: number) => place('records', key, 1);

export class Copy {
  #next = 1;
  #chunks = 0;
  #behind = false; // a page is missing: the next write writes everything

  readonly owner: string;

  private constructor(private db: IDBPDatabase, private vault: Vault) {
    this.owner = toBase64(vault.mark);
  }

  static async open(vault: Vault): Promise<Copy> {
    const early = Copy.#early;
    Copy.#early = undefined;
    return new Copy(await (early ?? openCopy()), vault);
  }

  /** Opens the database already, while somebody unlocks. */
  static prepare(): void {
    Copy.#early = openCopy();
    Copy.#early.catch(() => (Copy.#early = undefined)); // tried again when it is needed
  }
  static #early?: Promise<IDBPDatabase>;

  /** What is there for this key; nothing when it is missing, another's, or damaged. */
  async read(): Promise<{ meta: Meta; records: WireRecord[] } | null> {
    const tx = this.db.transaction(['meta', 'chunks']);
    const [meta, keys, sealed] = await Promise.all([tx.objectStore('meta').get(1), tx.objectStore('chunks').getAllKeys(), tx.objectStore('chunks').getAll()]);
    this.#next = Number(keys.at(-1) ?? 0) + 1;
    this.#chunks = keys.length;
    if (meta?.owner !== this.owner) return null;
    const opened = await Promise.all(sealed.map((bytes, i) => openJSON<WireRecord[]>(this.vault, where(Number(keys[i])), bytes)));
    if (opened.some((chunk) => chunk === null)) return null;
    return { meta, records: opened.flatMap((chunk) => chunk!) };
  }

  /** Writes a page's records and the cursor, both or neither. `all` is asked for what
   *  there is now when everything is written anew: then what left is really gone.
   *  After a write that failed the next one makes up for it.
   *  `whole` asks for everything anew. */
  async write(meta: Meta, records: WireRecord[], all: () => WireRecord[], whole = false): Promise<void> {
    const anew = whole || this.#behind || this.#chunks >= most || records.some((r) => r.left);
    const parts = anew ? cut(all()) : records.length > 0 ? [records] : [];
    this.#behind = true;
    const first = this.#next;
    const sealed = await Promise.all(parts.map((part, i) => sealJSON(this.vault, where(first + i), part)));
    const tx = this.db.transaction(['meta', 'chunks'], 'readwrite', { durability: 'relaxed' });
    const quiet = (p: Promise<unknown>) => void p.catch(() => undefined); // the transaction tells
    if (anew) quiet(tx.objectStore('chunks').clear());
    sealed.forEach((bytes, i) => quiet(tx.objectStore('chunks').add(bytes, first + i)));
    quiet(tx.objectStore('meta').put(meta, 1));
    await tx.done;
    this.#behind = false;
    this.#next = first + sealed.length;
    this.#chunks = anew ? sealed.length : this.#chunks + sealed.length;
  }

  /** From now on this tab writes. What another one wrote since this one read counts. */
  async takeOver(): Promise<void> {
    const next = Number((await this.db.getAllKeys('chunks')).at(-1) ?? 0) + 1;
    this.#behind ||= next !== this.#next;
    this.#next = next;
  }

  async clear(): Promise<void> {
    const tx = this.db.transaction(['meta', 'chunks'], 'readwrite');
    void tx.objectStore('meta').clear();
    void tx.objectStore('chunks').clear();
    await tx.done;
    this.#chunks = 0;
  }
}

function cut(records: WireRecord[]): WireRecord[][] {
  const parts: WireRecord[][] = [];
  for (let i = 0; i < records.length; i += perChunk) parts.push(records.slice(i, i + perChunk));
  return parts;
}

/** The database, made when it is not there. A wiped origin sometimes fails once before it opens empty. */
export function openCopy(): Promise<IDBPDatabase> {
  const open = () =>
    openDB('bokvar', 1, {
      upgrade(db) {
        db.createObjectStore('meta');
        db.createObjectStore('chunks');
      },
      blocking: (_old, _new, e) => (e.target as IDBDatabase).close(),
    });
  return open().catch(open);
}

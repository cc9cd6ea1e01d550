// The journal in IndexedDB with strict durability, where OPFS has no synchronous handles.
import { unsaved } from './api';
import { openDB, type IDBPDatabase } from 'idb';
import type { Journal } from './journal_port';
import { problemOf, type JournalAnswer } from './journal_messages';

interface Line {
  tab: string;
  bytes: Uint8Array;
}

export class TableJournal implements Journal {
  readonly kind = 'indexeddb';
  #db!: IDBPDatabase;
  #tab = '';

  async open(tab: string): Promise<JournalAnswer> {
    this.#tab = tab;
    this.#db = await openDB('bokvar-journal', 2, {
      upgrade(db, from) {
        if (from < 1) {
          db.createObjectStore('lines', { autoIncrement: true }).createIndex('tab', 'tab');
          db.createObjectStore('vault');
        }
        if (from < 2) db.createObjectStore('photos');
      },
    });
    const lines: Line[] = await this.#db.getAll('lines');
    const own = lines.filter((l) => l.tab === tab).reduce((sum, l) => sum + l.bytes.length, 0);
    return { vault: await this.#db.get('vault', 1), entries: lines.map((l) => l.bytes), size: own };
  }

  async read(): Promise<JournalAnswer> {
    return { entries: ((await this.#db.getAll('lines')) as Line[]).map((l) => l.bytes) };
  }

  /** One strict transaction: it counts when it has completed, not before. */
  async #write(stores: ('lines' | 'vault' | 'photos')[], work: (get: (name: string) => any) => void | Promise<void>): Promise<JournalAnswer> {
    try {
      const tx = this.#db.transaction(stores, 'readwrite', { durability: 'strict' });
      const done = tx.done; // its failure is the one that counts
      done.catch(() => undefined);
      await work((name) => tx.objectStore(name as 'lines'));
      await done;
    } catch (e) {
      throw problemOf(e instanceof Error ? e.name : '');
    }
    return {};
  }

  append = (payloads: Uint8Array[]) =>
    this.#write(['lines'], (get) => payloads.forEach((bytes) => void get('lines').add({ tab: this.#tab, bytes }).catch(() => undefined)));
  rewrite = (payloads: Uint8Array[]) =>
    this.#write(['lines'], async (get) => {
      const keys = await get('lines').index('tab').getAllKeys(this.#tab);
      for (const key of keys) void get('lines').delete(key).catch(() => undefined);
      for (const bytes of payloads) void get('lines').add({ tab: this.#tab, bytes }).catch(() => undefined);
    });
  async orphans(living: string[]): Promise<JournalAnswer> {
    const lines: Line[] = await this.#db.getAll('lines');
    const gone = lines.filter((l) => l.tab !== this.#tab && !living.includes(l.tab));
    return { entries: gone.map((l) => l.bytes), from: [...new Set(gone.map((l) => l.tab))] };
  }
  remove = (tabs: string[]) =>
    this.#write(['lines'], async (get) => {
      for (const tab of tabs) for (const key of await get('lines').index('tab').getAllKeys(tab)) void get('lines').delete(key).catch(() => undefined);
    });
  keepPhoto = (id: string, sealed: Uint8Array) => this.#write(['photos'], (get) => void get('photos').put(sealed, id).catch(() => undefined));
  photos = async () => (await this.#db.getAllKeys('photos')).map(String).filter((id) => !id.startsWith(unsaved));
  photo = (id: string) => this.#db.get('photos', id) as Promise<Uint8Array | undefined>;
  dropPhoto = (id: string) => this.#write(['photos'], (get) => void get('photos').delete(id).catch(() => undefined));
  stop = () => this.#db.close();
  kept = () => this.#db.get('vault', 1) as Promise<Uint8Array | undefined>;
  keep = (vault: Uint8Array) => this.#write(['vault'], (get) => void get('vault').put(vault, 1).catch(() => undefined));
}

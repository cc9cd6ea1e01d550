// The journal: what was written on this phone, sealed, before anything else happens
// with it. One interface (journal_port.ts), two ways: a file in OPFS (a worker holds it), or IndexedDB
// with strict durability where OPFS has no synchronous handles.
import type { Problem } from './api';
import type { Journal } from './journal_port';
import { problemOf, type JournalAnswer, type JournalOrder } from './journal_messages';
import { scriptURL } from './trusted';

export type { Journal };

class FileJournal implements Journal {
  readonly kind = 'opfs';
  #worker = new Worker(scriptURL(JOURNAL_WORKER));
  #waiting = new Map<number, { resolve: (a: JournalAnswer) => void; reject: (p: Problem) => void }>();
  #last = 0;

  constructor() {
    this.#worker.onmessage = (e) => {
      const { id, answer, error } = e.data as { id: number; answer?: JournalAnswer; error?: string };
      const asked = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (answer) asked?.resolve(answer);
      else asked?.reject(problemOf(error ?? ''));
    };
    this.#worker.onerror = () => {
      for (const asked of this.#waiting.values()) asked.reject(problemOf('worker'));
      this.#waiting.clear();
    };
  }

  #order(order: JournalOrder): Promise<JournalAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#last, { resolve, reject });
      this.#worker.postMessage({ id: this.#last, order });
    });
  }
  open = (tab: string) => this.#order({ op: 'open', tab });
  read = () => this.#order({ op: 'read' });
  append = (payloads: Uint8Array[]) => this.#order({ op: 'append', payloads });
  rewrite = (payloads: Uint8Array[]) => this.#order({ op: 'rewrite', payloads });
  orphans = (living: string[]) => this.#order({ op: 'orphans', living });
  remove = (files: string[]) => this.#order({ op: 'remove', files });
  keep = (vault: Uint8Array) => this.#order({ op: 'keep', vault });
  kept = async () => (await this.#order({ op: 'kept' })).vault;
  keepPhoto = (id: string, sealed: Uint8Array) => this.#order({ op: 'keepPhoto', id, sealed });
  photos = async () => (await this.#order({ op: 'photos' })).photos ?? [];
  photo = async (id: string) => (await this.#order({ op: 'photo', id })).photo;
  dropPhoto = (id: string) => this.#order({ op: 'dropPhoto', id });
  stop = () => this.#worker.terminate();
}

/** Opens the journal of the tab, in OPFS where the phone can and in IndexedDB where not. */
export async function openJournal(tab: Promise<string>): Promise<{ journal: Journal; opened: JournalAnswer }> {
  if (typeof navigator.storage?.getDirectory === 'function') {
    const journal = new FileJournal();
    try {
      return { journal, opened: await journal.open(await tab) }; // its worker starts meanwhile
    } catch {
      journal.stop();
    }
  }
  const { TableJournal } = await import('./later');
  const journal: Journal = new TableJournal();
  return { journal, opened: await journal.open(await tab) };
}

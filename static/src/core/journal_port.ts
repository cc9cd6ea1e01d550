// What a journal does, wherever it lies.
import type { JournalAnswer } from './journal_messages';

export interface Journal {
  readonly kind: 'opfs' | 'indexeddb';
  /** Opens this tab's journal and reads everybody's; call it once, before all else. */
  open(tab: string): Promise<JournalAnswer>;
  /** Reads everybody's anew: other tabs write, too. */
  read(): Promise<JournalAnswer>;
  /** Resolves when the payloads are on disk. Rejects with Problem phone_full or
   *  journal_broken, and then nothing of them is kept. */
  append(payloads: Uint8Array[]): Promise<JournalAnswer>;
  /** Puts the payloads in the place of this tab's journal, or leaves it as it was. */
  rewrite(payloads: Uint8Array[]): Promise<JournalAnswer>;
  /** Reads the journals of tabs that are neither living nor this one. */
  orphans(living: string[]): Promise<JournalAnswer>;
  remove(files: string[]): Promise<JournalAnswer>;
  /** Keeps what is needed to open the journal, beside it. */
  keep(vault: Uint8Array): Promise<JournalAnswer>;
  /** What was kept last, by whichever tab. */
  kept(): Promise<Uint8Array | undefined>;

  /** Pictures, sealed, until the server has them; each whole or not at all. */
  keepPhoto(id: string, sealed: Uint8Array): Promise<unknown>;
  photos(): Promise<string[]>; // those that were saved
  photo(id: string): Promise<Uint8Array | undefined>;
  dropPhoto(id: string): Promise<unknown>;

  /** Lets go of the files. Nothing can be written any more. */
  stop(): void;
}

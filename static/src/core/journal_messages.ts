// What the app and the journal's worker say to each other.
import { Problem } from './api';

export type JournalOrder =
  | { op: 'open'; tab: string }
  | { op: 'read' }
  | { op: 'append'; payloads: Uint8Array[] }
  | { op: 'rewrite'; payloads: Uint8Array[] }
  | { op: 'orphans'; living: string[] }
  | { op: 'remove'; files: string[] }
  | { op: 'keep'; vault: Uint8Array }
  | { op: 'kept' }
  | { op: 'keepPhoto'; id: string; sealed: Uint8Array }
  | { op: 'photos' }
  | { op: 'photo'; id: string }
  | { op: 'dropPhoto'; id: string };

export interface JournalAnswer {
  vault?: Uint8Array;
  entries?: Uint8Array[]; // of all tabs, sealed
  from?: string[]; // files that the entries are from
  size?: number; // bytes of this tab's journal
  photos?: string[]; // ids of pictures that are kept here
  photo?: Uint8Array; // sealed
}

/** What the failing of a write is to the app. */
export function problemOf(name: string): Problem {
  return new Problem(name === 'QuotaExceededError' ? 'phone_full' : 'journal_broken');
}

// What the app and the journal's worker say to each other.
export type JournalOrder =
  | { op: 'open'; tab: string }
  | { op: 'append'; payloads: Uint8Array[] }
  | { op: 'rewrite'; payloads: Uint8Array[] }
  | { op: 'orphans'; living: string[] }
  | { op: 'remove'; files: string[] }
  | { op: 'keep'; vault: Uint8Array };

export interface JournalAnswer {
  vault?: Uint8Array;
  entries?: Uint8Array[]; // of all tabs, sealed
  from?: string[]; // files that the entries are from
  size?: number; // bytes of this tab's journal
}

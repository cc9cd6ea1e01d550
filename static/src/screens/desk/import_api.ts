// What the server says of a late-payer file (GET and POST /api/imports).
import { lang, t } from './env';
import { has } from '../../text';
import { Problem } from '../../core/api';

export interface Row {
  row: number; // in the file; 0 when it is not in it
  claim: string;
  contract: string;
  name: string;
  street: string; // empty when protected
  dueMonth: string;
  capital: number; // öre
  costs: number; // öre
  protected?: boolean;
  again?: boolean; // was paid or removed, and is owed again
}
export interface Planned { id: string; at: number; form: string; people: string[] }
export type ChangedRow = Row & { before: Row; facts?: string[] };
export type GoneRow = Row & { contacts: Planned[] };
export interface BadRow { row: number; reason: string; code: string; text: string }

/** What a list would do. Nothing of it is written. */
export interface Proposal {
  id: string;
  fileName: string;
  asOf: number; // ms
  dated?: boolean; // false: the list did not say; asOf is when it came
  partial: boolean;
  rows: number;
  new: Row[];
  changed: ChangedRow[];
  unchanged: number;
  unchangedRows?: Row[];
  gone: GoneRow[];
  rejected: BadRow[];
  nothing?: boolean; // taken in already
}

export interface Waiting { id: string; fileName: string; by: string; made: number }

export interface Result {
  late_list: string;
  rows: number;
  new: number;
  changed: number;
  unchanged: number;
  gone: number;
  rejected: number;
  nothing?: boolean;
}

const limit = 20 * 1024 * 1024; // what the server reads

/** A file that is too big is never sent. */
export function tooBig(file: File): Problem | null {
  if (file.size <= limit) return null;
  return new Problem('too_big', t('desk.import.too_big', { size: Math.ceil(file.size / 1024 / 1024) }));
}

/** The sentence about a file. The server's own says what and where; in English ours, where we have one. */
export function problemOf(p: Problem): string {
  const known = `desk.import.wrong.${p.code}`;
  if (has(known) && (lang() !== 'sv' || !p.sentence)) return t(known);
  return p.sentence || t(p.code === 'offline' ? 'desk.import.offline' : 'problem.unknown');
}

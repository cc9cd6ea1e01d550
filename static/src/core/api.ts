// What screens may ask of the core. The core is framework-free except signals;
// screens never touch the network, the journal or IndexedDB themselves.
import type { ReadonlySignal } from '@preact/signals-core';

export interface Session {
  person: { id: string; name: string; title: string; phone: string; role: string; units: string[] };
  org: { id: string; name: string; kind: 'landlord' | 'social_services' | 'operator' };
  device: string;
  demo: boolean;
  version: string;
  keeps: boolean; // what is read may stay on this phone; else it is in memory only
}

/** When the vault locks itself at the latest (lock.ts). */
export interface Limits {
  unused: number; // minutes without a touch, in any tab
  hidden: number; // minutes without any tab in sight
}

export type Way = 'passphrase' | 'passkey';

/** What somebody opens their vault with. */
export type Key = { passphrase: string } | { passkey: true };

/** A way that is added (in the place of one of its kind), or taken away. */
export type WayChange = { add: Key } | { remove: Way };

/** How a person stands before their vault. `until`: no try before this time, ms; 0 when none waits. */
export type Gate =
  | { at: 'starting' | 'in' | 'handed' } // handed: the phone is the tenant's, for one consent
  | { at: 'out'; ways: Way[]; until: number } // ways: to sign in again on this phone
  | { at: 'enrol'; name: string; ways: Way[]; until: number } // let in by an invitation; ways: to open the vault that is there already
  | { at: 'locked'; ways: Way[]; until: number; unsent: number; online: boolean } // online: only the server can help now
  | { at: 'barred'; wiped: boolean; unsent: number; handed: boolean }; // lost: blocked until somebody lets it in again; wiped: nothing is here any more

/** A record as this person may see it: the server's state with unsent changes laid on top. */
export interface Rec<F = Record<string, any>> {
  org: string;
  id: string;
  kind: string;
  f: F;
  n: Record<string, number>;
  room?: string; // that another organisation's record is seen through, with its epoch
  unsent: boolean; // some field shows a change without a receipt
}

/** The ladder of one written thing. Never skips a rung, never says saved before the receipt. */
export interface Step {
  step: 'writing' | 'phone' | 'sent' | 'saved' | 'held' | 'refused' | 'lost'; // lost: could not be written to this phone (full)
  at: number; // ms
  number?: number; // of the receipt
  code?: string; // held, refused, lost: why
  sentence?: string;
}

export interface SyncState {
  /** 'offline': no network or no server; 'connecting'; 'live': socket open and caught up; 'fetching': pages are coming. */
  phase: 'offline' | 'connecting' | 'fetching' | 'live' | 'signed_out';
  lastReceipt: number | null; // ms
  lastContact: number | null; // ms, last message from the server
  unsent: number; // commits without a final receipt
  trouble: number; // commits refused, or held and not put away
  fetch: { done: number; total: number; share: number; bytes: number } | null; // a first or long fetch; share never goes back
  retryAt: number | null;
  again: string | null; // why the server could not take something just now: disk_full, try_again
  storage: {
    persisted: boolean | null;
    full: boolean;
    low: boolean; // nearly full
    lost: number | null; // the browser has emptied what was kept here; so much of it was unsent
    journal: 'opfs' | 'indexeddb';
  };
  newVersion: boolean; // a new app waits for a safe moment
}

/** One commit of this phone, for the tray. */
export interface Item {
  commit: string;
  step: Step;
  changes: { kind: string; record: string; fields: Record<string, unknown> }[];
}

/** What became of what was handed in. */
export interface HandedIn {
  kept: number; // the workplace has it, locked
  known: number; // the server had it already
  left: number; // cannot be handed in: it is sealed for this phone alone
  closed: number; // withdrawals among it, which count already
}

/** What was in a file. */
export interface Taken {
  person: string; // who had written it
  name: string;
  count: number; // one's own commits that were new here; a colleague's that only they can send
  notes: { record: string; text: string; at: number; about: Record<string, unknown> }[]; // of a colleague
  handed?: HandedIn; // the file had no code: it was handed in as it is
}

export interface Change {
  kind: string;
  record: string; // newId() for a new one
  org?: string; // only for giving, signature, withdrawal: the organisation that owns it
  fields: Record<string, unknown>;
  bases?: Record<string, number>; // the versions that the fields were written on; without it, those that are here now
}

export interface Draft {
  text: ReadonlySignal<string>;
  step: ReadonlySignal<Step | null>; // writing → phone, at most half a second later
  set(text: string): void;
  /** After a text became a commit. What was typed since stays. */
  clear(said?: string): Promise<void>;
}

export interface Core {
  session: ReadonlySignal<Session | null | undefined>; // undefined: not known yet, or locked
  gate: ReadonlySignal<Gate>;
  /** When it locks at the latest, in minutes, as far as the organisation has said (lock.ts). */
  limits: ReadonlySignal<Partial<Limits>>;
  sync: ReadonlySignal<SyncState>;
  items: ReadonlySignal<Item[]>;

  /** Every record of the kind that the person carries, overlay applied. Reactive. */
  list(kind: string): ReadonlySignal<Rec[]>;
  /** One record, or undefined. Reactive when read in an effect or component. */
  get(kind: string, id: string): Rec | undefined;

  /** A name for whoever is in that tells nothing outside this phone; '' when nobody is. */
  owner(): string;
  /** Writes changes that hold together. Resolves with the commit's id once the
   *  journal has it flushed ("on this phone"); rejects with a Problem when it
   *  could not be written, and then nothing of it is kept. */
  commit(changes: Change[]): Promise<string>;
  /** Writes commits that belong together, for different organisations, in one go: a
   *  phone that dies has all of them or none. */
  commitAll(all: Change[][]): Promise<string[]>;
  /** Takes back a commit that was not sent yet, also after a restart. False: too late, it may have gone up. */
  undo(commit: string): Promise<boolean>;
  /** Takes what the server holds off the list; the server keeps it. Rejects with a Problem, and it stays. */
  putAway(commit: string): Promise<void>;
  /** Sends a refused commit again, changed or as it was. */
  retry(commit: string): Promise<void>;

  /** How far the newest change of the record has come; null when this phone wrote none. */
  stepOf(record: string): ReadonlySignal<Step | null>;
  stepOfCommit(commit: string): ReadonlySignal<Step | null>;

  draft(key: string): Draft;
  /** What is half written, also before a restart. Reactive. */
  draftKeys(): string[];
  /** What is begun and kept nowhere yet. While one of them says so no new version is let in. */
  begun: Set<() => boolean>;

  /** Everything that only this phone has, and what is held, in a locked file. Its code, or
   *  '' where two people at the workplace open it. It stays here, too. `only`: one commit. */
  takeOut(only?: string): Promise<{ file: Blob; name: string; code: string }>;
  /** Takes such a file in. One's own commits are written here and sent; of a
   *  colleague's the notes are answered, to be written in one's own name. Rejects
   *  with not_a_takeout, wrong_code, other_org. */
  takeIn(file: Blob, code: string): Promise<Taken>;

  /** Redeems an invitation; `gate` then asks for a vault, or for opening the one that
   *  is there. Rejects with a Problem. */
  signIn(with_: { link?: string; code?: string }): Promise<void>;
  /** How the vault that is in use can be opened. */
  ways(): Way[];
  /** Those that begin a new session as well. */
  signsIn(): Way[];
  /** Adds, replaces or removes a way, after the vault was opened once more by one that
   *  it has. The last one stays. Needs the server. Rejects with a Problem. */
  changeWays(current: Key, change: WayChange): Promise<void>;
  /** Makes the person's vault on this phone. Rejects with a Problem. */
  enrol(how: Key): Promise<void>;
  /** Opens it; where the session is over, begins a new one. Rejects with a Problem:
   *  wrong_passphrase, online_unlock, wait, passkey_not_now … */
  unlock(how: Key): Promise<void>;
  /** Hands in what waits here without opening it: two people at work can. Rejects
   *  with a Problem: offline, device_unknown, handed_full … */
  handIn(): Promise<HandedIn>;
  /** Writes down what is being typed and closes the vault, in every tab. */
  lock(): Promise<void>;
  /** Closes the vault in every tab and starts this page anew, at the consent of the
   *  visit and with nothing else in memory. Resolves never; rejects with Problem
   *  no_hand_over where this browser cannot. */
  handOver(contact: string): Promise<void>;
  /** Signs bytes with this phone's own key (ECDSA P-256, SHA-256: r and s, 64 bytes).
   *  The server knows the public part by the device. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** Goes on to `to`, else to the sign-in screen. Rejects with Problem 'unsent_work' while something is unsent. */
  signOut(to?: string): Promise<void>;
  syncNow(): void;
  applyNewVersion(): void;
  /** The person has read that the browser emptied what was kept. */
  /** Whether all has been fetched. Until then what is missing here may be on its way. Reactive. */
  whole(): boolean;
  sawLoss(): void;

  /** JSON over HTTP for the desk (import, why). Rejects with a Problem. */
  fetchJSON<T>(path: string, init?: { method?: string; body?: unknown; form?: FormData }): Promise<T>;

  /** Pictures. `add` resolves when picture and record are on this phone. */
  photos: {
    waiting: ReadonlySignal<string[]>; // ids of records whose picture is only on this phone
    add(of: { household: string; case: string; contact?: string }, caption: string, file: Blob, id: string, at: number): Promise<string>;
    /** The whole picture. Rejects with Problem offline or not_found. */
    picture(id: string): Promise<Blob>;
    /** Keeps the picture of a signed paper, for its record to follow; inside `hold`. Or one
     *  that nobody has saved yet, under an id of its own kind (`unsaved`): it is never sent. */
    keepPaper(file: Blob, id: string): Promise<{ size: number; hash: string }>;
    dropPaper(id: string): Promise<void>;
    /** No picture is sent while the work goes on. */
    hold<T>(work: () => Promise<T>): Promise<T>;
  };

  push: {
    state: ReadonlySignal<'unsupported' | 'needs_install' | 'off' | 'on' | 'denied' | 'unknown'>;
    enable(): Promise<void>; // call from a tap
    disable(): Promise<void>;
  };
}

/** How the ids of pictures begin that nobody has saved yet: they lie among the journal's files, and are no work that waits. */
export const unsaved = 'unsaved-';

/** Every failure that a person sees: a code for the dictionary, and a sentence when the server gave one. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly sentence = '',
  ) {
    super(code);
  }
}

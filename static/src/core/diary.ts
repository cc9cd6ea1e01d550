// What the journal's lines say, sealed and opened: commits, receipts, drafts. A line
// that this key does not open belongs to somebody else and is kept as it is. Before
// what is sealed stands in clear which kind of line it is, so that a locked phone can
// tell how much waits: [version][length][kind, order, commit as JSON][sealed]. A commit
// without a receipt is sealed twice where the organisation has a rescue key (twice.ts).
import { Problem } from './api';
import type { Journal } from './journal_port';
import type { JournalAnswer } from './journal_messages';
import { outsideOf, type Outside } from './outside';
import type { Entry } from './outbox';
import type { Receipt } from './wire';
import { cutTwice, openTwice } from './twice';
import { fromBase64, openJSON, openVault, place, sameBytes, sealJSON, vaultOf, type Vault } from './vault';

export type Line =
  | { t: 'commit'; o: number; e: Omit<Entry, 'receipt' | 'settled' | 'sent' | 'going'> }
  | { t: 'receipt'; o: number; r: Receipt; at: number } // at: when it came, ms
  | { t: 'sent'; o: number; c: string; at: number } // about to be handed to the network: too late to take it back
  | { t: 'again'; o: number; c: string } // the receipt counts no longer: it goes up anew
  | { t: 'drop'; o: number; c: string }
  | { t: 'draft'; o: number; key: string; text: string }
  | { t: 'handed'; o: number; key: string }; // base64: of the lines written while the phone was handed over

/** A line before the diary has numbered it; one that is told again keeps its number. */
export type NewLine = Line extends infer L ? (L extends Line ? Omit<L, 'o'> & { o?: number } : never) : never;

const version = 2;
const text = new TextEncoder();

/** What of a line lies in clear. It is bound to what is sealed behind it. */
interface Head {
  t: Line['t'];
  o: number;
  c?: string; // commit
  w?: Outside[]; // withdrawals and noes, while it waits
}

const headOf = (l: Line): Head => ({ t: l.t, o: l.o, c: l.t === 'commit' ? l.e.id : l.t === 'receipt' ? l.r.commit : 'c' in l ? l.c : undefined });

function cut(payload: Uint8Array): { head: string; sealed: Uint8Array } | null {
  const length = (payload[1] << 8) | payload[2];
  if (payload[0] !== version || payload.length < 3 + length) return null;
  return { head: new TextDecoder().decode(payload.subarray(3, 3 + length)), sealed: payload.subarray(3 + length) };
}

async function sealLine(vault: Vault, l: Line, w?: Outside[]): Promise<Uint8Array> {
  const head = JSON.stringify({ ...headOf(l), w });
  const [front, sealed] = [text.encode(head), await sealJSON(vault, place('journal', head, version), l)];
  const out = new Uint8Array(3 + front.length + sealed.length);
  out.set([version, front.length >> 8, front.length & 255]);
  out.set(front, 3);
  out.set(sealed, 3 + front.length);
  return out;
}

async function openLine(vault: Vault, payload: Uint8Array): Promise<Line | null> {
  const twice = cutTwice(payload);
  if (twice) {
    const plain = await openTwice(vault, twice);
    return plain && (JSON.parse(new TextDecoder().decode(plain)) as Line);
  }
  const parts = cut(payload);
  return parts && openJSON<Line>(vault, place('journal', parts.head, version), parts.sealed);
}

/** What the key opens, and what it does not. */
async function openAll(vault: Vault, sealed: Uint8Array[]): Promise<[Line[], Uint8Array[]]> {
  const opened = await Promise.all(sealed.map((bytes) => openLine(vault, bytes)));
  return [opened.filter((l) => l !== null), sealed.filter((_, i) => !opened[i])];
}

/** The commits of the key with this mark that have no receipt, in the order written,
 *  without opening anything: each with its line, and what of that lies in clear. */
export function unsentOf(payloads: Uint8Array[], mark: Uint8Array): { commit: string; payload: Uint8Array; head: string }[] {
  const heads = payloads.flatMap((payload) => {
    const twice = cutTwice(payload);
    const parts = twice ? { head: twice.head, sealed: twice.own } : cut(payload);
    return parts && sameBytes(parts.sealed.subarray(0, mark.length), mark) ? [{ ...(JSON.parse(parts.head) as Head), payload, head: parts.head }] : [];
  });
  const waits = new Map<string, { payload: Uint8Array; head: string; now: boolean }>();
  for (const h of heads.sort((a, b) => a.o - b.o)) {
    const known = h.c ? waits.get(h.c) : undefined;
    if (h.t === 'commit' && h.c && !known) waits.set(h.c, { payload: h.payload, head: h.head, now: true });
    else if (known && h.t === 'commit' && cutTwice(h.payload)) Object.assign(known, { payload: h.payload, head: h.head }); // told again, for the rescue key too
    else if (known && h.t !== 'commit' && h.t !== 'sent') known.now = h.t === 'again';
  }
  return [...waits].flatMap(([commit, { now, ...line }]) => (now ? [{ commit, ...line }] : []));
}

/** How many there are. */
export const countUnsent = (payloads: Uint8Array[], mark: Uint8Array): number => unsentOf(payloads, mark).length;

/** Seals a commit's line twice; null when there is nobody to seal it for. */
export type SealTwice = (head: { t: 'commit'; o: number; c: string; w?: Outside[] }, changes: Entry['changes'], plain: Uint8Array) => Promise<Uint8Array | null>;

/** The journal in words. Lines are ordered by `o`, over all tabs: the time they were
 *  written, moved on where the clock stood still. */
export class Diary {
  #order = 0;
  #foreign: Uint8Array[] = [];
  size = 0;

  constructor(private journal: Journal, private vault: Vault, private twice?: SealTwice) {}

  /** Opens what was read and is taken over, in order; what this key does not open is kept. */
  read = (sealed: Uint8Array[]): Promise<Line[]> => this.look(sealed, this.#foreign);

  /** Opens what lies in other journals and stays there. */
  async look(sealed: Uint8Array[], foreign: Uint8Array[] = []): Promise<Line[]> {
    const [lines, rest] = await openAll(this.vault, sealed);
    for (const { key } of lines.filter((l) => l.t === 'handed')) {
      const [more, others] = await openAll(vaultOf((await openVault(fromBase64(key))).key, this.vault.mark), rest.splice(0));
      lines.push(...more);
      rest.push(...others);
    }
    foreign.push(...rest);
    lines.sort((a, b) => a.o - b.o);
    this.#order = Math.max(this.#order, lines.at(-1)?.o ?? 0);
    return lines;
  }

  /** Resolves with the numbered lines when they are on disk; rejects when nothing of them is. */
  async write(lines: NewLine[]): Promise<Line[]> {
    const numbered = lines.map(this.#number);
    const answer = await this.journal.append(await this.#seal(numbered));
    this.#sized(answer);
    return numbered;
  }

  /** Puts these lines, and what is not ours to read, in the place of all others of this tab. */
  async rewrite(lines: NewLine[]): Promise<void> {
    const numbered = lines.map(this.#number);
    this.#sized(await this.journal.rewrite([...this.#foreign, ...(await this.#seal(numbered))]));
  }

  /** Lines as they would be written, for whoever writes them down instead. */
  sealed = (lines: NewLine[]): Promise<Uint8Array[]> => this.#seal(lines.map(this.#number));

  #seal(lines: Line[]): Promise<Uint8Array[]> {
    const settled = new Set(lines.flatMap((l) => (l.t === 'receipt' ? [l.r.commit] : [])));
    return Promise.all(lines.map(async (l) => {
      const waits = l.t === 'commit' && !settled.has(l.e.id);
      const w = waits ? await outsideOf(l.e.changes, l.e.at) : undefined;
      return (waits && (await this.twice?.({ t: 'commit', o: l.o, c: l.e.id, w }, l.e.changes, text.encode(JSON.stringify(l))))) || sealLine(this.vault, l, w);
    }));
  }
  #number = (l: NewLine): Line => ({ ...l, o: l.o ?? (this.#order = Math.max(Date.now(), this.#order + 1)) }) as Line;
  #sized = (a: JournalAnswer) => (this.size = a.size ?? this.size);
}

/** What a list of lines amounts to. */
export interface Story {
  entries: Entry[];
  drafts: Map<string, string>;
  drafted: Map<string, number>; // when each of them was written, as lines are ordered
  dropped: Set<string>; // commits that were taken back; a journal that lies elsewhere may still hold them
}

/** Plays the lines. Doubles, and lines of several tabs, do no harm. */
export function play(lines: Line[], story: Story = { entries: [], drafts: new Map(), drafted: new Map(), dropped: new Set() }): Story {
  const byId = new Map(story.entries.map((e) => [e.id, e]));
  for (const l of lines) {
    const e = l.t === 'receipt' ? byId.get(l.r.commit) : 'c' in l ? byId.get(l.c) : undefined;
    if (l.t === 'commit' && !byId.has(l.e.id)) byId.set(l.e.id, { ...l.e, order: l.o });
    else if (l.t === 'receipt' && e && (!e.receipt || l.r.away)) Object.assign(e, { receipt: l.r, settled: l.at });
    else if (l.t === 'sent' && e) e.sent ??= l.at;
    else if (l.t === 'again' && e) e.receipt = e.settled = undefined;
    else if (l.t === 'drop') story.dropped.add(l.c);
    else if (l.t === 'draft' && l.o >= (story.drafted.get(l.key) ?? 0)) {
      story.drafts.set(l.key, l.text);
      story.drafted.set(l.key, l.o); // an older one of a journal that is read later changes nothing
    }
  }
  story.entries = [...byId.values()].filter((e) => !story.dropped.has(e.id));
  return story;
}

/** The fewest lines that tell the same story. Empty drafts are forgotten. */
export function retell(story: Story): NewLine[] {
  const lines: NewLine[] = [];
  for (const { receipt, settled = 0, sent, going: _, ...e } of story.entries) {
    lines.push({ t: 'commit', e, o: e.order });
    if (sent && !receipt) lines.push({ t: 'sent', c: e.id, at: sent });
    if (receipt) lines.push({ t: 'receipt', r: receipt, at: settled });
  }
  for (const c of story.dropped) lines.push({ t: 'drop', c });
  for (const [key, text] of story.drafts) if (text) lines.push({ t: 'draft', key, text, o: story.drafted.get(key) });
  return lines;
}

export const isFull = (e: unknown): boolean => e instanceof Problem && e.code === 'phone_full';

// Work that has not reached the server, in a locked file: for another phone of the
// same person, or for a colleague who takes over. The file says nothing without its
// code, and the code is nowhere but on the screen. Where the workplace has a rescue
// key the file needs no code: it is what a locked phone hands in (hand_in.ts), pictures
// too, and whoever takes it in hands it in for its writer.
import { Problem, type Draft, type Session, type Taken } from './api';
import { sendSigned, signedWork, type Signed } from './hand_in';
import type { Journal } from './journal_port';
import type { Entry } from './outbox';
import { fromBase64, openJSON, openVault, place, sealJSON } from './vault';

export interface Takeout {
  person: string;
  name: string;
  org: string;
  at: number; // ms
  entries: Pick<Entry, 'id' | 'at' | 'raw' | 'changes' | 'made'>[];
  drafts: [key: string, text: string][];
}

const kind = 'bokvar-takeout';
const where = place(kind, '', 1);
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'; // none that looks like another
const codeLength = 16; // 78 bits
const rounds = 600_000; // a guess costs what a sign-in with a password costs

export async function pack(content: Takeout): Promise<{ file: Blob; code: string }> {
  const code = newCode();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const sealed = await sealJSON(await vaultOf(code, salt), where, content);
  const file = new Blob([JSON.stringify({ kind, version: 1, salt: toBase64(salt), sealed: toBase64(sealed) })], { type: 'application/octet-stream' });
  return { file, code };
}

/** Rejects with not_a_takeout or wrong_code. */
export async function unpack(file: Blob, code: string): Promise<Takeout> {
  let outer: { kind?: string; version?: number; salt: string; sealed: string };
  let salt: Uint8Array, sealed: Uint8Array;
  try {
    outer = JSON.parse(await file.text());
    salt = fromBase64(outer.salt);
    sealed = fromBase64(outer.sealed);
  } catch {
    throw new Problem('not_a_takeout');
  }
  if (outer.kind !== kind || outer.version !== 1) throw new Problem('not_a_takeout');
  const content = await openJSON<Takeout>(await vaultOf(plain(code), salt), where, sealed);
  if (!content) throw new Problem('wrong_code');
  return content;
}

/** The notes of somebody else's file, and how many of its commits are nothing else. */
export function notesOf(t: Takeout): Pick<Taken, 'notes' | 'count'> {
  const notes: Taken['notes'] = [];
  let count = 0;
  for (const e of t.entries) {
    const written = e.changes.filter((c) => c.kind === 'note' && typeof c.fields.text?.v === 'string');
    for (const c of written) {
      const { text, at: _at, by: _by, ...rest } = c.fields;
      const about = Object.fromEntries(Object.entries(rest).map(([name, set]) => [name, set.v]));
      notes.push({ record: c.record, text: String(text.v), at: e.at, about });
    }
    if (written.length < e.changes.length) count++;
  }
  return { notes, count };
}

/** The same without a code, sealed for two people at the workplace. Null where some of
 *  it is sealed for this phone alone, or the server does not know the phone: then a
 *  code is needed. */
export async function handOutSealed(journal: Journal, locker: string, mark: string, org: string): Promise<{ file: Blob; name: string; code: string } | null> {
  const { signed, count, only } = await signedWork(journal, locker, fromBase64(mark)).catch(() => ({ signed: [], count: 0, only: 0 }));
  if (count === 0 || only > 0) return null;
  const file = new Blob([JSON.stringify({ kind, version: 2, org, signed })], { type: 'application/octet-stream' });
  return { file, code: '', name: nameAt(Date.now()) };
}

/** What is in a file without a code; null for one that has one. */
async function sealedIn(file: Blob): Promise<{ org: string; signed: Signed[] } | null> {
  try {
    const outer = JSON.parse(await file.text()) as { kind?: string; version?: number; org: string; signed: Signed[] };
    const whole = outer.kind === kind && outer.version === 2 && typeof outer.org === 'string' && Array.isArray(outer.signed) && outer.signed.length > 0;
    return whole && outer.signed.every((s) => typeof s?.payload === 'string' && typeof s.signature === 'string') ? outer : null;
  } catch {
    return null;
  }
}

const nameAt = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace(/\D/g, '')}.bokvar`;

interface Here {
  session: Session;
  drafts: { get(key: string): Draft };
}

/** Everything that only this phone has: what has no receipt, what was refused, and drafts.
 *  Also what is held and not put away: whoever it waits for may be somebody else. `only`: one commit alone. */
export async function handOut({ session: { person, org } }: Pick<Here, 'session'>, all: Entry[], kept: Map<string, string>, only?: string): Promise<{ file: Blob; name: string; code: string }> {
  const entries = all
    .filter((e) => e.raw && e.receipt?.status !== 'saved' && !e.receipt?.away && (!only || e.id === only))
    .map(({ id, at, raw, changes, made }) => ({ id, at, raw, changes, made }));
  const drafts = only ? [] : [...kept].filter(([, text]) => text.trim());
  const at = Date.now();
  const packed = await pack({ person: person.id, name: person.name, org: org.id, at, entries, drafts });
  return { ...packed, name: nameAt(at) };
}

/** Takes a file in; `write` keeps one commit as it was made. */
export async function handIn({ session, drafts }: Here, file: Blob, code: string, write: (e: Entry) => Promise<boolean>): Promise<Taken> {
  const sealed = await sealedIn(file);
  if (sealed) {
    if (sealed.org !== session.org.id) throw new Problem('other_org');
    const { kept, known, refused, closed } = await sendSigned(sealed.signed);
    return { person: '', name: '', count: 0, notes: [], handed: { kept, known, left: refused, closed } };
  }
  const t = await unpack(file, code);
  if (t.org !== session.org.id) throw new Problem('other_org');
  if (t.person !== session.person.id) return { person: t.person, name: t.name, ...notesOf(t) };
  let count = 0;
  for (const e of t.entries) if (await write({ ...e })) count++;
  for (const [key, text] of t.drafts) if (!drafts.get(key).text.peek().trim()) drafts.get(key).set(text);
  return { person: t.person, name: t.name, count, notes: [] };
}

const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');

function newCode(): string {
  let code = '';
  while (code.length < codeLength) {
    for (const byte of crypto.getRandomValues(new Uint8Array(codeLength))) {
      if (byte < 240 && code.length < codeLength) code += letters[byte % letters.length]; // 240: each as likely
    }
  }
  return code;
}

async function vaultOf(code: string, salt: Uint8Array) {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(code), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations: rounds }, key, 256);
  return openVault(new Uint8Array(bits));
}

// By pieces: a file is too large to be handed over as arguments.
function toBase64(bytes: Uint8Array): string {
  let s = '';
  for (const b of bytes) s += String.fromCharCode(b);
  return btoa(s);
}

// The phone is handed over for one consent. A key of its own is made for it, and what
// the screen needs is put into a parcel; the page then starts anew with nothing but the
// parcel in memory. The service worker carries it over, once, in its memory alone. What
// is written goes into the journal under that key, and the key lies before it, sealed
// to the vault: whoever unlocks finds the consent, whoever reloads finds the lock.
import { Problem, type Rec, type Session } from './api';
import type { Secret } from './kept';
import { openVault, toBase64, type Vault } from './vault';
import type { Diary } from './diary';
import type { Drafts } from './drafts';
import type { Store } from './store';
import type { WireRecord } from './wire';

export interface Parcel {
  contact: string;
  session: Session;
  key: CryptoKey; // of this consent alone; its bytes cannot be read
  mark: Uint8Array; // of the vault that it belongs to, so that what waits is counted with the rest
  rescue: Secret['rescue']; // what is written is sealed for these, too
  line: Uint8Array; // the same key, sealed to the vault, for the journal
  records: WireRecord[];
  draft: string;
  at: { cursor: number; epoch: number; generation: string };
}

/** What is open while somebody is signed in. */
interface Open {
  session: Session;
  vault: Vault;
  diary: Diary;
  drafts: Drafts;
}

const patience = 3000; // ms
const carried = 10_000; // ms that the worker keeps a parcel (sw/parcel.ts): so long it may take to give it

/** The worker that serves this page; it must be there to carry the parcel. */
async function courier(): Promise<ServiceWorker> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patience));
  const there = await Promise.race([navigator.serviceWorker?.ready ?? null, late]);
  if (!there?.active) throw new Problem('no_hand_over');
  return there.active;
}

/** Says something to the worker, and waits for what it answers. */
function ask<T>(worker: ServiceWorker, what: unknown, within = patience): Promise<T | null> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = (e) => resolve(e.data as T);
    setTimeout(() => resolve(null), within);
    worker.postMessage(what, [port2]);
  });
}

/** Sends the parcel ahead. Afterwards the page must start anew. Rejects with Problem
 *  no_hand_over where this browser has nothing to carry it. */
export async function sendAhead({ session, vault, diary, drafts }: Open, store: Store, rescue: Secret['rescue'], contact: string): Promise<void> {
  const worker = await courier();
  drafts.flush();
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const { key } = await openVault(bytes);
  const [line] = await diary.sealed([{ t: 'handed', key: toBase64(bytes) }]);
  bytes.fill(0);
  const { cursor, epoch, generation } = store;
  const parcel: Parcel = {
    contact, session, key, mark: vault.mark, rescue, line, records: needed(store, contact), draft: drafts.get(`consent:${contact}`).text.peek(), at: { cursor, epoch, generation },
  };
  if (!(await ask<boolean>(worker, { hand: parcel }))) throw new Problem('no_hand_over');
}

/** The parcel that was sent ahead to this page; null when there is none, or it was taken. */
export async function receive(contact: string): Promise<Parcel | null> {
  const worker = await courier().catch(() => null);
  const parcel = worker && (await ask<Parcel | 'none'>(worker, { take: contact }, carried));
  return parcel && parcel !== 'none' ? parcel : null;
}

/** No more than the consent needs: no address, no telephone, no other case. */
function needed(store: Store, id: string): WireRecord[] {
  const contact = store.get('contact', id);
  if (!contact) throw new Problem('not_found');
  const { household, case: kase, people } = contact.f;
  const some = (r: Rec | undefined, ...fields: string[]): WireRecord[] =>
    r ? [{ org: r.org, id: r.id, kind: r.kind, f: pick(r.f, fields), n: pick(r.n, fields) as Record<string, number> }] : [];
  const all = (kind: string) => store.list(kind).peek();
  const ofCase = (kind: string) => all(kind).filter((r) => r.f.case === kase);
  const linked = new Set(ofCase('case_link').map((l) => l.f.of)); // social services' own answers: which of them was the latest no (latest_no.ts)
  const givings = all('giving').filter((g) => linked.has(g.id));
  const under = new Set(givings.map((g) => g.f.handle));
  return [
    ...some(contact, 'household', 'case', 'people', 'form', 'tick_consent'),
    ...some(store.get('household', household), 'language'),
    ...some(store.get('case', kase), 'handles'),
    ...all('person').filter((p) => p.f.household === household).flatMap((p) => some(p, 'household', 'name', 'position')),
    ...all('colleague').filter((c) => ((people ?? []) as string[]).includes(c.id)).flatMap((c) => some(c, 'name')),
    ...all('agreement').flatMap((a) => some(a, ...Object.keys(a.f))),
    ...[...ofCase('consent_mark'), ...ofCase('notice_sent')].flatMap((r) => some(r, 'household', 'case', 'handle', 'answer', 'giving', 'at')),
    ...all('case_link').filter((l) => linked.has(l.f.of)).flatMap((l) => some(l, 'of', 'case', 'at')),
    ...givings.flatMap((g) => some(g, 'answer', 'handle')),
    ...all('withdrawal').filter((w) => w.f.case === kase || (w.f.handle && under.has(w.f.handle))).flatMap((w) => some(w, 'case', 'handle', 'at')),
  ];
}

const pick = (from: Record<string, unknown>, names: string[]): Record<string, unknown> => Object.fromEntries(names.filter((n) => n in from).map((n) => [n, from[n]]));

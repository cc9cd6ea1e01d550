// What opens the door: an invitation, a passphrase or a passkey. Fetched when somebody
// stands before it.
import { Problem, type Key } from './api';
import type { Door } from './door';
import { waitAfter } from './door';
import { fetchJSON, publicSession, showProof, type Enrolment, type ServerSession } from './http';
import { openSecret, type Locker, type Secret } from './kept';
import { keyBytes, openVault, toBase64, toBase64url, type Vault } from './vault';
import { openByPasskey, openByPassphrase, wrap, type Asked, type Opened } from './wraps';

const mostTries = 10; // then only an online unlock helps
const lease = 7; // days without the server, then it is asked before the vault opens; until the organisation has decided

/** Whether the phone has been away from the server for too long. A clock that was
 *  turned back gives no more time, until the server is met again. */
export const isLeaseOver = (l: { contact?: number; seen?: number; lease?: number }, now: number): boolean => Math.max(now, l.seen ?? 0) - (l.contact ?? 0) > (l.lease ?? lease) * 86_400_000;

/** The server has let this person in just now, and said what their organisation has decided. */
function met(locker: Locker, { lease, unused, hidden }: ServerSession): void {
  Object.assign(locker, { lease, unused, hidden });
  locker.contact = locker.seen = Date.now();
}

const newProof = () => toBase64url(crypto.getRandomValues(new Uint8Array(keyBytes)));

export async function signIn(door: Door, with_: { link?: string; code?: string }): Promise<void> {
  await arrived(door, await fetchJSON<ServerSession>('/api/session', { body: { ...with_, device: door.kept.device } }));
}

/** The server let somebody in. Their vault is opened next, or made. */
export async function arrived(door: Door, s: ServerSession): Promise<void> {
  if (door.vault && door.secret && s.vault?.locker === door.kept.now) return bind(door, s, door.vault);
  if (door.vault) {
    await door.keep({ now: undefined }); // somebody else, on this phone: from the start
    door.house.closeVault('/in');
    return;
  }
  door.fresh = s;
  if (s.vault) {
    const { locker, wraps } = s.vault;
    const here = (door.kept.lockers[locker] ??= { mark: '', wraps, tries: 0 }); // wiped here, and kept there
    if (!here.wraps.some((w) => w.wrapped)) here.wraps = wraps; // given up after wrong tries
  }
  door.gate.value = { at: 'enrol', name: s.person.name, ways: s.vault ? door.ways() : [], until: s.vault ? door.until() : 0 };
}

/** A new session for the vault that is open. */
async function bind(door: Door, s: ServerSession, vault: Vault): Promise<void> {
  const proof = newProof();
  await fetchJSON('/api/vault', { method: 'PUT', body: { locker: door.locker, proof } satisfies Enrolment });
  met(door.here()!, s);
  await door.opened({ session: publicSession(s), vapidKey: s.vapidKey, rescue: s.rescue, proof }, vault);
}

/** Makes a vault for who has just been let in. */
export async function enrol(door: Door, how: Key): Promise<void> {
  const fresh = door.fresh;
  if (!fresh) throw new Problem('signed_out');
  const id = crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes));
  const made = await wrap(id, bytes, how, fresh.person, await asked(how));
  const vault = await openVault(bytes);
  bytes.fill(0);
  const locker: Locker = (door.kept.lockers[id] = { mark: toBase64(vault.mark), wraps: [made.wrap], tries: 0 });
  met(locker, fresh);
  const pending: Enrolment = { locker: id, name: deviceName(), wraps: [made.wrap], auth: made.auth, passkey: made.passkey, proof: newProof() };
  door.fresh = null;
  door.kept.now = id;
  await door.opened({ session: publicSession(fresh), vapidKey: fresh.vapidKey, rescue: fresh.rescue, proof: pending.proof, pending }, vault);
}

/** What the server wants a new passkey to sign. Without its word the passkey unlocks, and no more. */
export async function asked(how: Key): Promise<Asked | null> {
  return 'passkey' in how ? fetchJSON<Asked>('/api/vault/passkey/challenge', { body: {} }).catch(() => null) : null;
}

/** Opens the vault, and signs in again where the session is over. */
export async function unlock(door: Door, how: Key): Promise<void> {
  const locker = door.here();
  if (!locker) throw new Problem('signed_out');
  if (locker.order) throw new Problem('device_blocked');
  if (Date.now() < door.until()) throw new Problem('wait');
  const late = !door.fresh && isLeaseOver(locker, Date.now());
  locker.seen = Math.max(locker.seen ?? 0, Date.now());
  if ('passkey' in how) return byPasskey(door, locker, late);
  await count(door, locker.tries + 1); // before it is judged: ending the app is no way around
  let opened = await openByPassphrase(door.locker, locker.wraps, how.passphrase);
  if (!opened.key && opened.wrap.wrapped) return wrong(door, locker);
  let session: ServerSession | null = null;
  const proof = newProof();
  if (!opened.key || isOver(door) || late) {
    session = await fetchJSON<ServerSession>('/api/session/again', { body: { locker: door.locker, auth: opened.auth, proof } }).catch((e) => notIn(door, e, !opened.key ? 'online_unlock' : late ? 'lease_over' : ''));
    met(locker, session);
    locker.wraps = session.vault!.wraps;
    if (!opened.key) opened = await openByPassphrase(door.locker, locker.wraps, how.passphrase);
  }
  await unlocked(door, opened, session && { session: publicSession(session), vapidKey: session.vapidKey, rescue: session.rescue, proof });
}

/** The phone's own lock. Where the session is over the same touch begins a new one. */
async function byPasskey(door: Door, locker: Locker, late: boolean): Promise<void> {
  const begins = (isOver(door) || late) && door.signs().includes('passkey');
  const asked = begins && (await fetchJSON<Asked>('/api/session/passkey/challenge', { body: { locker: door.locker } }).catch((e) => notNow(e, late)));
  const opened = await openByPasskey(door.locker, locker.wraps, asked ? asked.challenge : undefined);
  if (!asked) return unlocked(door, opened, null);
  const proof = newProof();
  const session = await fetchJSON<ServerSession>('/api/session/passkey', { body: { locker: door.locker, proof, passkey: opened.response } }).catch((e) => notNow(e, late));
  met(locker, session);
  locker.wraps = session.vault!.wraps;
  await unlocked(door, opened, { session: publicSession(session), vapidKey: session.vapidKey, rescue: session.rescue, proof });
}

function notNow(e: unknown, late: boolean): never {
  throw late && e instanceof Problem && e.code === 'offline' ? new Problem('lease_over') : e;
}

/** Opens it once more while it is open, for what only its person may do. Wrong tries count. */
export async function prove(door: Door, how: Key): Promise<Uint8Array> {
  const locker = door.here()!;
  if ('passkey' in how) return (await openByPasskey(door.locker, locker.wraps)).key!;
  if (Date.now() < door.until()) throw new Problem('wait');
  await count(door, locker.tries + 1);
  const opened = await openByPassphrase(door.locker, locker.wraps, how.passphrase);
  if (!opened.key) return wrong(door, locker);
  door.notBefore = 0;
  await count(door, 0);
  return opened.key;
}

/** The session is known to be over: the passphrase has to begin a new one. */
const isOver = (door: Door) => !door.fresh && (!door.here()?.secret || !door.kept.now || door.gate.peek().at === 'in');

/** The server did not let in. That counts as a wrong try only when it was one. */
async function notIn(door: Door, e: unknown, offline: string): Promise<never> {
  const code = e instanceof Problem ? e.code : '';
  if (code !== 'wrong_passphrase') await count(door, Math.max(0, (door.here()?.tries ?? 1) - 1));
  show(door);
  throw code === 'offline' && offline ? new Problem(offline) : e;
}

async function wrong(door: Door, locker: Locker): Promise<never> {
  locker.wrong = (locker.wrong ?? 0) + 1;
  const last = locker.tries >= mostTries;
  if (last) for (const w of locker.wraps) if (w.by === 'passphrase') delete w.wrapped;
  await door.keep().catch(onFull);
  door.notBefore = Date.now() + waitAfter(locker.tries) * 1000;
  show(door);
  throw new Problem(last ? 'online_unlock' : 'wrong_passphrase');
}

/** Shows anew how it stands, on the screen that is there. */
function show(door: Door): void {
  const gate = door.gate.peek();
  if (gate.at === 'locked') door.wait();
  else if (gate.at === 'out') door.out();
  else if (gate.at === 'enrol') door.gate.value = { ...gate, until: door.until() };
}

async function unlocked(door: Door, opened: Opened, begun: Secret | null): Promise<void> {
  if (!opened.key) throw new Problem('wrong_passphrase');
  const locker = door.here()!;
  const vault = await openVault(opened.key);
  opened.key.fill(0);
  locker.mark = toBase64(vault.mark);
  locker.tries = door.notBefore = 0;
  const fresh = door.fresh;
  if (fresh) {
    door.kept.now = door.locker;
    await bind(door, fresh, vault);
    door.fresh = null;
    return;
  }
  const secret = begun ?? (locker.secret ? await openSecret(vault, door.locker, locker.secret) : null);
  if (!secret) throw new Problem('signed_out'); // a passkey that the server does not know, after signing out: a link or a code begins anew
  if (!begun && isLeaseOver(locker, Date.now())) await ask(door, locker, secret);
  door.kept.now = door.locker;
  await door.opened(secret, vault, !begun);
}

/** Asks the server whether this person may still come in. */
async function ask(door: Door, locker: Locker, secret: Secret): Promise<void> {
  showProof(secret.proof, secret.session.person.id);
  try {
    met(locker, await fetchJSON<ServerSession>('/api/session'));
  } catch (e) {
    showProof('', '');
    await notIn(door, e, 'lease_over');
  }
}

async function count(door: Door, tries: number): Promise<void> {
  door.here()!.tries = tries;
  await door.keep().catch(onFull);
}

/** A phone without room counts in memory: nobody is kept out of the work that fills it. */
function onFull(e: unknown): void {
  if (!(e instanceof Problem && e.code === 'phone_full')) throw e;
}

/** Tells the server of the vault, if it could not be told when it was made; and takes
 *  its word on who this is. */
export async function freshen(door: Door): Promise<ServerSession> {
  const secret = door.secret!;
  if (secret.pending) {
    await tellVault(door, secret.pending);
    delete secret.pending;
    await door.use(secret, door.vault!);
  }
  const now = await fetchJSON<ServerSession>('/api/session');
  const here = door.here()!;
  met(here, now);
  if (door.reports) await report(door).catch(() => undefined); // told at the next unlocking
  await door.keep();
  const session = publicSession(now);
  const { vapidKey, rescue } = now;
  if (JSON.stringify([session, vapidKey, rescue]) !== JSON.stringify([secret.session, secret.vapidKey, secret.rescue])) await door.use({ ...secret, session, vapidKey, rescue }, door.vault!);
  return now;
}

/** Once an unlocking: what the server should know of it, and the number that this phone
 *  brings next time. A disk that was put back to an earlier day brings an older one. */
async function report(door: Door): Promise<void> {
  const here = door.here()!;
  const turns = readTurns();
  const { turn } = await fetchJSON<{ turn: number }>('/api/device/report', { body: { wrong: here.wrong ?? 0, turn: turns[door.locker] ?? 0 } });
  door.reports = false;
  delete here.wrong;
  localStorage.setItem('turns', JSON.stringify({ ...turns, [door.locker]: turn })); // one place for all tabs
}

function readTurns(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem('turns') ?? '{}');
  } catch {
    return {};
  }
}

/** Tells of a vault and its ways. A passkey that the server does not take unlocks all the same. */
export async function tellVault(door: Door, vault: Enrolment): Promise<void> {
  const put = () => fetchJSON<void>('/api/vault', { method: 'PUT', body: vault });
  await put().catch(async (e) => {
    if (!vault.passkey || !(e instanceof Problem) || e.code !== 'passkey_refused') throw e;
    delete vault.passkey;
    vault.wraps = vault.wraps!.map(({ signs: _, ...w }) => w);
    door.kept.lockers[vault.locker].wraps = vault.wraps;
    await put();
  });
}

/** Signing out: the wrapped key stays for the next time, who it was does not. */
export async function leave(door: Door): Promise<void> {
  delete door.here()?.secret;
  await door.keep({ now: undefined });
}

/** "Chromium, Android": what an administrator sees in the list of devices. */
export function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = ['Firefox', 'Edg', 'OPR', 'SamsungBrowser', 'Chrome', 'Safari'].find((name) => agent.includes(`${name}/`)) ?? '';
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Macintosh', 'Linux'].find((name) => agent.includes(name)) ?? '';
  return [browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser, system === 'Macintosh' ? 'Mac' : system].filter(Boolean).join(', ');
}

// The door: how a person gets in on this phone. It knows what lies in clear beside
// the journal (kept.ts), and tells the core when a vault is open. How one is opened or
// made is fetched when it is needed (door_open.ts).
import { signal } from '@preact/signals-core';
import type { Gate, HandedIn, Way } from './api';
import { fetchJSON, showProof, type ServerSession } from './http';
import { decodeKept, encodeKept, openSecret, sealSecret, type Kept, type Locker, type Secret } from './kept';
import { fromBase64, sameBytes, vaultOf, type Vault } from './vault';

/** What the door asks of the core. */
export interface House {
  keep(bytes: Uint8Array): Promise<unknown>;
  /** What was kept last, by whichever tab. */
  kept(): Promise<Uint8Array | undefined>;
  enter(secret: Secret, vault: Vault): Promise<void>;
  /** The session goes on with a new proof; the vault was open all the time. */
  again(secret: Secret): void;
  /** How many commits of this key have no receipt. */
  waiting(mark: Uint8Array): number;
  /** Asks other tabs for the key; resolves when one had a moment to answer. */
  askTabs(locker: string): Promise<void>;
  tellOpen(locker: string): void;
  /** Closes the vault, in every tab, and goes on here at another address. */
  closeVault(to?: string): void;
  /** Hands in what the vault with this mark has that was not sent. */
  handInOf(locker: string, mark: string): Promise<HandedIn>;
  /** Lets go of all files, in every tab: they are deleted next. */
  letGo(): void;
}

const freeTries = 3;
const longestWait = 60; // s

/** How long to wait after so many wrong tries, in seconds. */
export const waitAfter = (tries: number): number => (tries < freeTries ? 0 : Math.min(longestWait, 2 ** (tries - freeTries + 1)));

export class Door {
  readonly gate = signal<Gate>({ at: 'starting' });
  kept: Kept;
  secret: Secret | null = null; // while the vault is open
  vault: Vault | null = null;
  fresh: ServerSession | null = null; // let in, and no vault open yet
  notBefore = 0; // ms
  wiped = false; // since the app was started
  reports = false; // unlocked in this tab, and the server does not know yet
  handed: { left: number; there: number } | null = null; // of a phone that is barred, once it was tried

  #lies: Uint8Array; // of `kept`, as this tab last read or wrote it

  constructor(readonly house: House, bytes: Uint8Array | undefined) {
    this.kept = decodeKept(bytes);
    this.#lies = encodeKept(this.kept);
  }

  /** The locker that is in use, or was. */
  get locker(): string {
    return this.fresh?.vault?.locker ?? this.kept.now ?? this.kept.last ?? '';
  }
  here = (): Locker | undefined => this.kept.lockers[this.locker];
  ways = (): Way[] => (this.here()?.order ? [] : [...new Set(this.here()?.wraps.map((w) => w.by) ?? [])]);
  /** Those of them that sign in as well, where a session is over. */
  signs = (): Way[] => this.ways().filter((way) => this.here()!.wraps.some((w) => w.by === way && (way === 'passphrase' || w.signs)));

  async start(): Promise<void> {
    if (this.kept.now && this.here()?.secret) {
      await this.house.askTabs(this.locker);
      if (!this.vault) this.wait();
    } else {
      // Nobody is known here: perhaps the browser still holds a session that was never enrolled.
      const s = await fetchJSON<ServerSession>('/api/session').catch(() => null);
      if (s) await (await import('./door_open')).arrived(this, s);
      else this.out();
    }
  }

  out(): void {
    this.gate.value = { at: 'out', ways: this.signs(), until: this.until() };
  }

  wait(): void {
    const locker = this.here()!;
    if (locker.order) return this.bar();
    const online = !locker.wraps.some((w) => w.wrapped);
    this.gate.value = { at: 'locked', ways: this.ways(), unsent: this.house.waiting(fromBase64(locker.mark)), until: this.until(), online };
  }

  bar(): void {
    const locker = this.here();
    const unsent = this.handed?.left ?? (locker ? this.house.waiting(fromBase64(locker.mark)) : 0);
    this.gate.value = { at: 'barred', wiped: this.wiped, unsent, handed: (this.handed?.there ?? 0) > 0 };
  }

  /** Shows anew how it stands, after the server has said something new. */
  show(): void {
    const { at } = this.gate.peek();
    if (this.vault || at === 'enrol' || at === 'starting') return;
    if (this.wiped) this.bar();
    else if (this.kept.now && this.here()?.secret) this.wait();
    else this.out();
  }

  until(): number {
    const wait = waitAfter(this.here()?.tries ?? 0) * 1000;
    if (wait && !this.notBefore) this.notBefore = Date.now() + wait;
    return wait ? this.notBefore : 0;
  }

  /** The vault is open: keeps what the next start needs, and lets the core in. A secret
   *  that lies here already is not waited for, so that a full phone locks nobody out. */
  async opened(secret: Secret, vault: Vault, lies = false): Promise<void> {
    this.reports = true;
    performance.mark('key'); // from here on it is measured until a list is there (benchapp)
    const inside = this.gate.peek().at === 'in';
    if (lies) {
      this.#take(secret, vault);
      void this.keep({ last: this.locker }).catch(() => undefined);
    } else await this.use(secret, vault);
    if (inside) this.house.again(secret);
    else {
      await this.house.enter(secret, vault);
      this.gate.value = { at: 'in' };
      this.house.tellOpen(this.locker);
    }
  }

  #take(secret: Secret, vault: Vault): void {
    this.secret = secret;
    this.vault = vault;
    showProof(secret.proof, secret.session.person.id);
  }

  async use(secret: Secret, vault: Vault): Promise<void> {
    this.#take(secret, vault);
    this.here()!.secret = await sealSecret(vault, this.locker, secret);
    await this.keep({ last: this.locker });
  }

  /** Another tab has the vault open, and hands its key over. */
  async share(locker: string, key: CryptoKey, mark: Uint8Array): Promise<void> {
    const here = this.kept.lockers[locker];
    if (this.vault || this.kept.now !== locker || !here?.secret || here.order || !sameBytes(mark, fromBase64(here.mark))) return;
    const vault = vaultOf(key, mark);
    const secret = await openSecret(vault, locker, here.secret);
    if (!secret || this.vault) return;
    this.#take(secret, vault);
    await this.house.enter(secret, vault);
    this.gate.value = { at: 'in' };
  }

  /** Keeps what this tab has changed, beside what other tabs have: a new passphrase, another person's locker. */
  async keep(change: Partial<Kept> = {}): Promise<void> {
    Object.assign(this.kept, change);
    const there = await this.house.kept().catch(() => undefined);
    if (there) (await import('./later').catch(() => null))?.takeIn(this.kept, this.#lies, there);
    const bytes = encodeKept(this.kept);
    await this.house.keep(bytes);
    this.#lies = bytes;
  }
}

// The core: journal, readable copy, store and conversation, put together. The order
// of things is always the same: journal, then memory, then the other tabs, then the network.
import { computed, effect, signal } from '@preact/signals-core';
import { Problem, type Change, type Core, type Draft, type Gate, type HandedIn, type Item, type Key, type Limits, type Rec, type Session, type SyncState, type Taken, type Way, type WayChange } from './api';
import { Copy, type Meta } from './db';
import { countUnsent, Diary, isFull, play, retell, type NewLine, type SealTwice } from './diary';
import { Door, type House } from './door';
import { Drafts } from './drafts';
import { fetchJSON, type Ask } from './http';
import { forgetLast, keepLast, lastOf, unsentOfAnyone } from './last';
import { openJournal, type Journal } from './journal';
import { asWritten, keepAcknowledged, type Entry } from './outbox';
import { PhotoShelf } from './photo_shelf';
import type { PhotoHost } from './photos';
import { needsInstall, Push } from './push';
import { takeNewVersion } from './shell';
import { Store } from './store';
import type { Parcel } from './handed';
import type { Conversation, Host } from './sync';
import { Tabs, type News } from './tabs';
import type { Secret } from './kept';
import { toBase64, vaultOf, type Vault } from './vault';
import { byteLength, maxCommit, versions, type Check, type Checked, type Hello, type Page, type Receipt, type Welcome } from './wire';

const nothing: SyncState = {
  phase: 'connecting', lastReceipt: null, lastContact: null, unsent: 0, trouble: 0, fetch: null, retryAt: null, again: null,
  storage: { persisted: null, full: false, low: false, lost: null, journal: 'opfs' }, newVersion: false,
};
const big = 1 << 20; // bytes of a journal that is worth telling anew
const lookForOrphans = 30_000; // ms
const fetchAgain = 3000; // ms
const lookForRoom = 30_000; // ms
const lookForOrders = 60_000; // ms
const askAgain = 60_000; // ms after the server's word on who this is
const tabsAnswer = 400; // ms that another tab has to hand its key over
const lastWrite = 2000; // ms for what is being written when the vault closes

/** What exists while somebody is signed in. */
interface Open {
  session: Session;
  diary: Diary;
  vault: Vault;
  copy: Copy | null; // null: IndexedDB does not open; memory serves until the next start
  drafts: Drafts;
  kept: Map<string, string>; // drafts
  drafted: Map<string, number>; // when they were written
}

export class RealCore implements Core, Host, House {
  readonly session = signal<Session | null | undefined>(undefined);
  readonly sync = signal<SyncState>(nothing);
  readonly items = computed<Item[]>(() => this.#store.value.items.value);
  readonly gate = computed<Gate>(() => this.#door.value?.gate.value ?? { at: 'starting' });
  readonly limits = signal<Partial<Limits>>({});
  readonly push = new Push(() => this.#door.peek()?.secret?.vapidKey);
  readonly photos = new PhotoShelf(() => this.#photoHost(), () => this.#tabs.leading && this.sync.peek().phase === 'live', () => this.#tabs.tell({ t: 'pictures' }));

  #door = signal<Door | null>(null);
  #store = signal(new Store(''));
  #journal!: Journal;
  #sealed: Uint8Array[] = []; // the journal's lines as they were read at the start
  #open: Open | null = null;
  #talk: Conversation | null = null;
  #gone = new Set<string>(); // commits taken back, that the journal of a tab that is gone may still hold
  #writing: Promise<unknown> = Promise.resolve();
  #early: News[] = []; // what other tabs said while this one was opening
  #timer = 0;
  #looked = 0; // for room, ms
  #asked = 0; // when the server was last asked who this is, ms; 0: it did not answer
  #emptied: number | null = null; // what the browser threw away, until the server knows
  #closing = false; // the vault is being locked
  #inHand = signal(0); // what is being saved: asked for, and not in the journal yet
  #apart = false; // without the server since it was last met, also while it is being looked for
  #heardLock = false; // in another tab, while this one was opening: no key counts until somebody unlocks
  #tabs = new Tabs((news) => this.#hear(news), () => this.#told());

  /** Opens what is on this phone, and shows who is signed in, without any network. */
  async start(): Promise<void> {
    const [, handed, contact] = location.pathname.split('/');
    if (handed !== 'handed') this.#tabs.listen();
    effect(() => {
      document.documentElement.dataset.gate = this.gate.value.at;
      document.documentElement.dataset.syncPhase = this.sync.value.phase;
      document.documentElement.dataset.unsent = String(this.sync.value.unsent);
      document.documentElement.dataset.saving = String(this.#inHand.value);
    });
    effect(() => {
      const { phase } = this.sync.value;
      if (phase !== 'connecting') this.#apart = phase === 'offline';
    });
    const { journal, opened } = await openJournal(this.#tabs.claim());
    this.#journal = journal;
    this.#sealed = opened.entries ?? [];
    this.#storage({ journal: journal.kind });
    // Somebody has worked here, and nothing of it is left: the browser has made room.
    if (!opened.vault) this.#storage({ lost: unsentOfAnyone() });
    const { lost } = this.sync.peek().storage;
    this.#emptied = lost === null ? null : lost + 1;
    const door = new Door(this, opened.vault);
    effect(() => void (door.gate.value.at === 'out' || door.gate.value.at === 'enrol' ? (this.session.value = null) : undefined));
    this.#door.value = door;
    const parcel = handed === 'handed' && (await import('./handed').then((m) => m.receive(contact)));
    if (parcel) return this.#handed(parcel);
    this.#tabs.listen();
    await door.start();
    if (door.gate.peek().at === 'locked') Copy.prepare();
    for (const event of ['online', 'pageshow']) addEventListener(event, this.#look);
    document.addEventListener('visibilitychange', this.#look);
    setInterval(() => this.#look(), lookForOrders);
    this.#look();
  }

  /** While nobody is in: has the phone been blocked, or let in again? While somebody is, the
   *  tab that sends is told that this one is looked at: out of sight itself it asks seldom. */
  #look = (event?: Event) => {
    if (document.visibilityState !== 'visible') return;
    if (!this.#open) void this.#obey();
    else if (event && !this.#tabs.leading) this.#tabs.tell({ t: 'sync' });
  };
  #obey = async () => {
    const door = this.#door.peek();
    if (door && (Object.keys(door.kept.lockers).length > 0 || localStorage.getItem('bokvar-wiped'))) await (await import('./lost')).obey(door);
  };

  /** The page of a phone that is handed over: one consent, its own key, no network. */
  async #handed({ session, key, mark, rescue, line, records, draft, contact, at }: Parcel): Promise<void> {
    const vault = vaultOf(key, mark);
    await this.#journal.append([line]);
    this.#store.value = Object.assign(new Store(session.org.id), at);
    this.#store.value.load(records, []);
    const kept = new Map([[`consent:${contact}`, draft]]);
    this.#open = { session, vault, diary: new Diary(this.#journal, vault, this.#twice(session.org.id, vault, rescue)), copy: null, kept, drafted: new Map(), drafts: this.#draftsOf(kept, new Map()) };
    this.state({ phase: 'offline' });
    this.session.value = session;
    this.#at().gate.value = { at: 'handed' };
  }

  #draftsOf = (kept: Map<string, string>, drafted: Map<string, number>) =>
    new Drafts(kept, async (key, text) => {
      const [line] = await this.#inTurn(() => this.#append([{ t: 'draft', key, text }]));
      drafted.set(key, line.o);
    });

  // --- what the door asks (door.ts) ---

  keep = (bytes: Uint8Array) => this.#journal.keep(bytes);
  kept = () => this.#journal.kept();
  waiting = (mark: Uint8Array): number => countUnsent(this.#sealed, mark);
  tellOpen = (locker: string): void => this.#tabs.tell({ t: 'open', locker });
  closeVault = (to?: string): void => void (to && !this.#open ? location.assign(to) : this.lock(to));
  letGo = (): void => {
    this.#journal.stop();
    this.#tabs.tell({ t: 'gone' });
  };

  async askTabs(locker: string): Promise<void> {
    if ((await this.#tabs.living()).length < 2) return;
    this.#tabs.tell({ t: 'key?', locker });
    for (let waited = 0; waited < tabsAnswer && !this.#open; waited += 20) await new Promise((again) => setTimeout(again, 20));
  }

  again(secret: Secret): void {
    this.#freshen(secret);
    this.#lost();
    if (this.#tabs.leading) this.#begin();
    this.#tabs.tell({ t: 'account' });
  }

  /** The kept session is good offline; online the server's word on role and name counts. */
  #freshen(secret: Secret): void {
    this.#show(secret.session);
    this.#limit(this.#at());
    void this.#askServer().catch((e) => e instanceof Problem && (e.code === 'signed_out' || e.code === 'device_blocked') && this.state({ phase: 'signed_out' }));
  }

  async #askServer(): Promise<void> {
    const door = this.#door.peek()!;
    this.#asked = Date.now(); // one at a time: each tells the server of the unlocking
    const now = await (await import('./door_open')).freshen(door).catch((e) => {
      this.#asked = 0;
      throw e;
    });
    this.#show(door.secret!.session);
    this.#limit(door);
    await (await import('./later')).enrolSigning(door.locker, now.vault?.signs ?? false);
  }

  #limit({ here }: Door): void {
    const { unused, hidden } = here() ?? {}; // no more of a locker than that
    this.limits.value = { unused, hidden };
  }

  #show(session: Session): void {
    if (JSON.stringify(this.session.peek()) !== JSON.stringify(session)) this.session.value = session;
  }

  /** Opens the person's records and work, and starts to talk with the server. */
  async enter(secret: Secret, vault: Vault): Promise<void> {
    const session = secret.session;
    const diary = new Diary(this.#journal, vault, this.#twice(session.org.id, vault));
    const [read, copy, pictures] = await Promise.all([this.#journal.read(), copyFor(session, vault), this.#journal.photos().catch(() => [])]);
    const story = play(await diary.read(read.entries ?? []));
    this.#sealed = [];
    const there = await copy?.read().catch(() => null);
    const store = new Store(session.org.id);
    if (there) Object.assign(store, { cursor: there.meta.cursor, epoch: there.meta.epoch, generation: there.meta.generation, waits: there.meta.waits ?? 0 });
    else await copy?.clear().catch(() => undefined);
    store.load(there?.records ?? [], story.entries);
    this.photos.waiting.value = pictures; // before anything of them is called saved
    this.#store.value = store;
    this.#open = { session, vault, diary, copy, kept: story.drafts, drafted: story.drafted, drafts: this.#draftsOf(story.drafts, story.drafted) };
    const receipts = story.entries.map((e) => e.receipt?.at ?? 0);
    const owner = toBase64(vault.mark);
    const last = lastOf(owner);
    this.#gone = story.dropped;
    this.#count({ lastReceipt: Math.max(last.receipt ?? 0, there?.meta.lastReceipt ?? 0, ...receipts) || null, lastContact: last.contact, phase: 'connecting' });
    let { fetched } = last;
    effect(() => {
      const s = this.sync.value;
      fetched = s.fetch?.done ?? (s.phase === 'live' ? 0 : fetched); // an interruption forgets nothing
      keepLast(owner, { contact: s.lastContact, receipt: s.lastReceipt, unsent: s.unsent, fetched });
    });
    void this.#lookForRoom();
    this.session.value = session;
    this.#freshen(secret);
    for (const news of this.#early.splice(0)) this.#hear(news);
    this.#tabs.lead(this.#begin, this.#lost);
    this.#tabs.tell({ t: 'ask' });
    this.#tabs.watch(() => this.#follow());
    import('./later').then((m) => m.askToPersist()).then((persisted) => this.#storage({ persisted }), () => undefined);
    this.push.look().catch(() => undefined); // fetched when it is asked for again
  }

  /** Work is sealed for the rescue key of its owner, too. That never keeps it from being written. */
  #twice = (home: string, vault: Vault, handed?: Secret['rescue']): SealTwice => async (...line) => {
    const keys = handed ?? this.#door.peek()?.secret?.rescue;
    return keys?.length ? import('./later').then((m) => m.sealLineTwice(vault, keys, home, ...line)).catch(() => null) : null;
  };

  #begin = () => {
    if (!this.#open || this.gate.peek().at === 'handed') return;
    this.#open.copy?.takeOver().catch(() => undefined);
    void this.#talkNow();
    void this.#tidy();
  };
  /** The conversation's words are fetched behind the first screen. */
  async #talkNow(): Promise<void> {
    const later = await import('./later').catch(() => null);
    if (!this.#tabs.leading || !this.#open) return;
    if (later) this.#talk ??= new later.Conversation(this);
    else setTimeout(() => void this.#talkNow(), fetchAgain);
  }
  #lost = () => {
    this.#talk?.stop();
    this.#talk = null;
    this.#tabs.tell({ t: 'ask' }); // what holds now is with the tab that sends now
  };

  /** What a tab does that does not send: it sees to it that somebody does, for what is
   *  written here and for what is looked at here. Words between tabs can be lost. */
  #follow(): void {
    const unsent = this.#store.value.outbox.unsent();
    if (unsent.length > 0) this.#tabs.tell({ t: 'waits', entries: unsent });
    if (unsent.length > 0 || document.visibilityState === 'visible') void this.#tabs.challenge(this.#begin, this.#lost);
  }

  /** The sender is told what waits elsewhere: it takes it up, or says what has become of it. */
  #waits(entries: Entry[]): void {
    const { outbox } = this.#store.value;
    const known = entries.map((e) => outbox.find(e.id));
    const settled = known.filter((e): e is Entry => !!e?.receipt);
    if (settled.length > 0) this.#tabs.tell({ t: 'settled', receipts: settled.map((e) => e.receipt!), at: Date.now() });
    entries.forEach((e, i) => {
      if (this.#gone.has(e.id)) this.#tabs.tell({ t: 'dropped', commit: e.id });
      else if (!known[i]) this.#took(e);
    });
    this.#talk?.poke();
  }

  /** Takes over the journals of tabs that are gone, ends the time of what is settled, and
   *  tells this journal anew when it has grown. Done again and again, because a tab can die between journal and word. */
  async #tidy(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#open || !this.#tabs.leading) return;
    try {
      await this.#takeOver(this.#open);
      if (this.#open.diary.size > big) await this.#retell();
    } catch {
      // Nothing is lost: the files stay as they are until the next look.
    }
    this.#timer = setTimeout(() => void this.#tidy(), lookForOrphans) as unknown as number;
  }

  async #takeOver(open: Open): Promise<void> {
    const living = await this.#tabs.living();
    const { entries = [], from = [] } = await this.#journal.orphans(living);
    const { outbox, cursor } = this.#store.value;
    if (from.length > 0) {
      const lines = await open.diary.read(entries);
      outbox.load(play(lines, { entries: outbox.entries, drafts: open.kept, drafted: open.drafted, dropped: this.#gone }).entries);
      open.drafts.turns.value++;
    }
    if (outbox.forget(Date.now(), cursor) || from.length > 0) {
      await this.#retell();
      await this.#journal.remove(from);
      this.#store.value.changed(outbox.entries);
    }
    if (living.length <= 1) this.#gone.clear(); // no other journal holds what was taken back
    else await this.#readOthers(open);
    this.#count();
    this.#talk?.poke();
  }

  /** A tab can be frozen between its journal and its word to the others. */
  async #readOthers(open: Open): Promise<void> {
    const { entries = [] } = await this.#journal.orphans([]);
    const story = play(await open.diary.look(entries));
    const now = Date.now();
    for (const e of story.entries) if (!e.receipt && !this.#gone.has(e.id) && e.at > now - keepAcknowledged) this.#took(e);
  }

  /** Writes the journal anew with what still counts. */
  #retell(): Promise<void> {
    return this.#inTurn(() => this.#open!.diary.rewrite(retell({ entries: this.#store.value.outbox.entries, drafts: this.#open!.kept, drafted: this.#open!.drafted, dropped: this.#gone })));
  }

  // --- what screens ask ---

  list = (kind: string) => this.#store.value.list(kind);
  get = (kind: string, id: string): Rec | undefined => this.#store.value.get(kind, id);
  stepOf = (record: string) => this.#store.value.stepOf(record);
  stepOfCommit = (commit: string) => this.#store.value.stepOfCommit(commit);
  fetchJSON = <T>(path: string, ask?: Ask): Promise<T> => fetchJSON<T>(path, ask);
  applyNewVersion = (): void => void takeNewVersion();
  /** Everything has been fetched: what is not here is not this person's. */
  owner = (): string => (this.#open ? toBase64(this.#open.vault.mark) : '');
  whole = (): boolean => this.sync.value.phase === 'live' || this.#store.value.whole;
  sawLoss = (): void => this.#storage({ lost: null });

  /** A new version waits. It is let in when nobody looks, and nothing is begun in any tab. */
  newVersion(): void {
    this.sync.value = { ...this.sync.peek(), newVersion: true };
    const look = async () => {
      if (this.quiet() && (await this.#tabs.calm()) && this.quiet()) await takeNewVersion();
    };
    document.addEventListener('visibilitychange', () => void look());
    void look();
    const settled = computed(() => this.sync.value.unsent === 0 && this.#inHand.value === 0 && this.whole());
    effect(() => void (settled.value && queueMicrotask(() => void look()))); // what it waits for may end while nobody looks
  }

  /** Nobody looks at this tab (or has touched it yet), and nothing in it would be interrupted. */
  quiet = (): boolean => !this.#door.peek()?.wiped && (document.visibilityState === 'hidden' || !(navigator.userActivation?.hasBeenActive ?? true)) && !this.#busy();

  readonly begun = new Set<() => boolean>();

  /** What is begun or a draft, what is being saved or unsent, a consent at the door, or a
   *  fetch that has not ended: behind the lock it would stand still. */
  #busy = (): boolean => {
    const { pathname } = location;
    if ([...this.begun].some((is) => is()) || this.#inHand.peek() > 0 || this.sync.peek().unsent > 0 || pathname.startsWith('/handed')) return true;
    return this.#open !== null && (!this.whole() || this.#open.drafts.writing() || pathname.includes('/consent'));
  };

  commit = (changes: Change[]): Promise<string> => this.commitAll([changes]).then(([id]) => id);

  commitAll(all: Change[][]): Promise<string[]> {
    this.#inHand.value++;
    return this.#inTurn(async () => {
      if (!this.#open) throw new Problem('signed_out');
      if (needsInstall() && this.#apart) throw new Problem('no_install');
      const store = this.#store.value;
      const entries: Entry[] = [];
      for (const changes of all) {
        const e = store.outbox.write(crypto.randomUUID(), Date.now(), store.cursor, changes, (key) => store.records.get(key), entries);
        if (byteLength(e.raw) > maxCommit) throw new Problem('too_big');
        entries.push(e);
      }
      const lines = await this.#append(entries.map((e) => ({ t: 'commit', e })));
      entries.forEach((e, i) => {
        e.order = lines[i].o;
        this.#took(e);
        this.#tabs.tell({ t: 'wrote', entry: e });
      });
      this.#talk?.poke();
      if (!this.#tabs.leading && this.gate.peek().at !== 'handed') void this.#tabs.challenge(this.#begin, this.#lost);
      return entries.map((e) => e.id);
    }).finally(() => this.#inHand.value--);
  }

  #took(e: Entry): void {
    const { outbox } = this.#store.value;
    if (outbox.find(e.id)) return;
    outbox.entries.push(e);
    this.#store.value.changed([e]);
    this.#count();
  }

  async undo(commit: string): Promise<boolean> {
    const e = this.#store.value.outbox.find(commit);
    const refused = e?.receipt?.status === 'refused';
    const mine = this.#tabs.leading || this.sync.peek().phase === 'offline';
    if (!e || !(refused || (!e.receipt && !e.sent && !e.going && mine))) return false;
    const raw = e.raw;
    e.raw = ''; // not sent while it is being taken back
    try {
      await this.#write([{ t: 'drop', c: commit }]);
    } catch (failed) {
      e.raw = raw;
      throw failed;
    }
    this.#gone.add(commit);
    this.#dropped(commit);
    this.#tabs.tell({ t: 'dropped', commit });
    return true;
  }

  #dropped(commit: string): void {
    const { outbox } = this.#store.value;
    const e = outbox.find(commit);
    if (!e) return;
    outbox.drop(commit);
    this.#store.value.changed([e]);
    this.#count();
  }

  async putAway(commit: string): Promise<void> {
    const { outbox } = this.#store.value;
    const [r, at] = [outbox.away(commit), outbox.find(commit)?.settled ?? 0];
    if (!r) return;
    await this.#write([{ t: 'receipt', r, at }]);
    this.#tabs.tell({ t: 'settled', receipts: [r], at });
    await this.#settled([r], at);
  }

  async retry(commit: string): Promise<void> {
    const e = this.#store.value.outbox.find(commit);
    if (e?.receipt?.status !== 'refused') return;
    await this.commit(e.changes.map(asWritten));
    await this.undo(commit);
  }

  async takeOut(only?: string): Promise<{ file: Blob; name: string; code: string }> {
    const { handOutSealed, handOut } = await import('./takeout');
    const door = this.#at();
    await this.#retell(); // what was written before there was a rescue key is sealed for it, too
    const sealed = !only && await handOutSealed(this.#journal, door.locker, door.here()?.mark ?? '', this.#here().session.org.id);
    return sealed || handOut(this.#here(), this.#store.value.outbox.entries, this.#here().kept, only);
  }
  takeIn = async (file: Blob, code: string): Promise<Taken> => (await import('./takeout')).handIn(this.#here(), file, code, this.#takesIn);

  #here(): Open {
    if (!this.#open) throw new Problem('signed_out');
    return this.#open;
  }

  /** Writes somebody's own commit that comes from another phone. False: it is here already. */
  #takesIn = (e: Entry): Promise<boolean> =>
    this.#inTurn(async () => {
      if (this.#store.value.outbox.find(e.id)) return false;
      e.order = (await this.#append([{ t: 'commit', e }]))[0].o;
      this.#took(e);
      this.#tabs.tell({ t: 'wrote', entry: e });
      this.#talk?.poke();
      return true;
    });

  draft(key: string): Draft {
    if (!this.#open) throw new Problem('signed_out');
    return this.#open.drafts.get(key);
  }

  draftKeys = (): string[] => {
    const { drafts, kept } = this.#here();
    void drafts.turns.value; // whoever lists them is told
    return [...kept].filter(([, text]) => text.trim()).map(([key]) => key);
  };

  #at(): Door {
    const door = this.#door.peek();
    if (!door) throw new Problem('try_again');
    return door;
  }
  signIn = async (with_: { link?: string; code?: string }): Promise<void> => (await import('./door_open')).signIn(this.#at(), with_);
  ways = (): Way[] => this.#at().ways();
  signsIn = (): Way[] => this.#at().signs();
  enrol = async (how: Key): Promise<void> => (await import('./door_open')).enrol(this.#at(), how);
  unlock = async (how: Key): Promise<void> => (await import('./door_open')).unlock(this.#at(), how);

  /** For a phone that is locked or let in no more: what waits goes up as it is. */
  handIn = (): Promise<HandedIn> => this.handInOf(this.#at().locker, this.#at().here()?.mark ?? '');
  handInOf = async (locker: string, mark: string): Promise<HandedIn> => (await import('./hand_in')).handIn(this.#journal, locker, mark);
  changeWays = async (current: Key, change: WayChange): Promise<void> => {
    await (await import('./ways')).changeWays(this.#at(), current, change);
    this.#tabs.tell({ t: 'lock' }); // the others know the old ways: they come back with the new ones
  };

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    if (!this.#open) throw new Problem('signed_out');
    return (await import('./later')).sign(this.#at().locker, bytes);
  }

  /** Nothing of the vault stays in memory: the page starts anew, locked. */
  async lock(to?: string): Promise<void> {
    if (!this.#open || this.#closing) return;
    this.#tabs.tell({ t: 'lock' });
    await this.#close(to ? () => location.assign(to) : undefined);
  }

  async handOver(contact: string): Promise<void> {
    await (await import('./handed')).sendAhead(this.#here(), this.#store.value, this.#at().secret?.rescue, contact);
    this.#tabs.tell({ t: 'lock' });
    await this.#close(() => location.replace(`/handed/${contact}`));
  }

  async #close(away = () => location.reload()): Promise<void> {
    this.#closing = true; // from now on the key is handed to nobody
    addEventListener('pageshow', (e) => e.persisted && location.reload()); // back finds the lock
    document.documentElement.dataset.covered = '';
    this.#open?.drafts.flush();
    await Promise.race([this.#writing, new Promise((late) => setTimeout(late, lastWrite))]);
    away();
  }

  /** What was written stays sealed on this phone; the session and the readable copy go. */
  async signOut(to = '/in'): Promise<void> {
    await this.photos.look();
    const picture = this.photos.waiting.peek().some((id) => this.#standing(id) !== 'unknown');
    if (picture || this.#store.value.outbox.unsent().length > 0) throw new Problem('unsent_work');
    this.#open?.drafts.flush();
    await this.push.disable().catch(() => undefined);
    await fetchJSON('/api/session', { method: 'DELETE' });
    await this.#writing;
    this.#talk?.stop();
    await (await import('./door_open')).leave(this.#at());
    await this.#open?.copy?.clear().catch(() => undefined);
    forgetLast();
    this.#tabs.tell({ t: 'account' });
    location.assign(to); // nothing of it stays in memory
  }

  syncNow(): void {
    this.#talk?.check();
    this.#tabs.tell({ t: 'sync' });
  }

  #photoHost(): PhotoHost | null {
    const open = this.#open;
    return open && { journal: this.#journal, vault: open.vault, rescue: this.#door.peek()?.secret?.rescue, org: open.session.org.id, me: open.session.person.id, commit: (c) => this.commit(c), standing: (id) => this.#standing(id) };
  }

  /** A refused record waits as well: it may go up another time. */
  #standing(record: string): 'waits' | 'sent' | 'unknown' {
    const { outbox, records } = this.#store.value;
    const e = outbox.entries.filter((each) => each.changes.some((c) => c.record === record)).at(-1);
    if (e) return e.receipt && e.receipt.status !== 'refused' ? 'sent' : 'waits';
    return [...records.values()].some((r) => r.id === record) ? 'sent' : 'unknown';
  }

  // --- what the conversation asks (sync.ts) ---

  hello = (): Hello => {
    const store = this.#store.value;
    return {
      type: 'hello', versions, device: this.#at().kept.device, app: appVersion(), generation: store.generation || undefined,
      cursor: store.position, clock: Date.now(), unsent: store.outbox.unsent().length,
      lost: this.#emptied ?? undefined,
    };
  };
  unsent = (): Entry[] => this.#store.value.outbox.unsent();
  cursor = (): number => this.#store.value.position;
  fetched = (): number => (this.cursor() > 0 ? lastOf(toBase64(this.#here().vault.mark)).fetched : 0);

  async digest(): Promise<Check | null> {
    const store = this.#store.value;
    return store.renewing ? null : (await import('./later')).digest([...store.records.values()], store.cursor);
  }

  checked(c: Checked): boolean {
    const store = this.#store.value;
    if (c.result !== 'different' || c.cursor !== store.cursor || store.renewing) return false;
    store.renew();
    return true;
  }

  async sending(entries: Entry[]): Promise<void> {
    const at = Date.now();
    for (const e of entries) e.going = true;
    // On a full phone it goes all the same: that it arrives counts more than that it can be taken back.
    await this.#write(entries.map((e) => ({ t: 'sent', c: e.id, at }))).catch(() => undefined);
  }

  sent(entries: Entry[]): void {
    const at = Date.now();
    for (const e of entries) e.sent ??= at;
    this.#store.value.changed(entries);
    this.#tabs.tell({ t: 'sent', commits: entries.map((e) => e.id), at });
  }

  async welcome(w: Welcome): Promise<void> {
    this.#emptied = null; // told
    if (Date.now() - this.#asked > askAgain) this.#freshen(this.#at().secret!); // unlocked without a network, or open for long
    const store = this.#store.value;
    const before = new Set(store.outbox.unsent());
    const anew = store.welcome(w, Date.now());
    const again = store.outbox.unsent().filter((e) => !before.has(e));
    if (again.length > 0) await this.#write(again.map((e) => ({ t: 'again', c: e.id }))).catch(() => undefined);
    if (anew) await this.#open?.copy?.clear().catch(() => undefined);
    if (anew || again.length > 0) {
      this.#tabs.tell({ t: 'anew', generation: w.generation, epoch: w.epoch });
      this.#count();
    }
  }

  async receipts(receipts: Receipt[]): Promise<void> {
    const at = Date.now();
    const { generation, outbox } = this.#store.value;
    const letGo = receipts.filter((r) => r.code === 'predecessor' && r.status === 'again' && outbox.letGo(r.commit));
    if (letGo.length > 0) await this.#retell().catch(() => undefined); // the same bytes from now on
    const final = receipts.filter((r) => r.status !== 'again').map((r) => ({ ...r, generation }));
    const known = final.filter((r) => this.#store.value.outbox.find(r.commit) && !this.#store.value.outbox.find(r.commit)!.receipt);
    // A receipt that cannot be kept here is asked for again after a restart: no harm.
    if (known.length > 0) await this.#write(known.map((r) => ({ t: 'receipt', r, at }))).catch(() => undefined);
    this.#tabs.tell({ t: 'settled', receipts: known, at });
    await this.#settled(known, at);
  }

  async #settled(receipts: Receipt[], at: number): Promise<void> {
    const store = this.#store.value;
    const entries = receipts.map((r) => store.outbox.settle(r, at)).filter((e): e is Entry => e !== null);
    if (entries.length === 0) return;
    store.changed(entries);
    this.#count({ lastReceipt: Math.max(this.sync.peek().lastReceipt ?? 0, ...entries.map((e) => (e.receipt!.status === 'refused' ? 0 : e.receipt!.at ?? at))) || null });
    if (entries.some((e) => !e.raw)) await this.#retell().catch(() => undefined); // what went to its owner is not to lie here
  }

  async page(p: Page): Promise<'applied' | 'old' | 'gap'> {
    const wasRenewing = this.#store.value.renewing;
    const result = this.#applied(p);
    if (result !== 'applied') return result;
    this.#tabs.tell({ t: 'page', page: p });
    const store = this.#store.value;
    const renewed = wasRenewing && !store.renewing;
    const meta: Meta = {
      owner: this.#open?.copy?.owner ?? '', generation: store.generation, cursor: store.cursor, epoch: p.epoch, waits: p.waiting, lastReceipt: this.sync.peek().lastReceipt,
    };
    try {
      await this.#open?.copy?.write(meta, p.records, () => [...store.records.values()], renewed);
      if (renewed && this.#open?.copy) this.#tabs.tell({ t: 'renewed' });
      else if (renewed) this.#lend(true);
    } catch (e) {
      // The copy stays at its older cursor and is fetched again; what is shown is right.
      if (e instanceof Error && e.name === 'QuotaExceededError') this.#storage({ full: true });
    }
    return result;
  }

  async shut(rooms: string[]): Promise<void> {
    this.#tabs.tell({ t: 'shut', rooms });
    const store = this.#store.value;
    const left = store.shut(rooms);
    if (left.length === 0) return;
    const meta: Meta = {
      owner: this.#open?.copy?.owner ?? '', generation: store.generation, cursor: store.cursor, epoch: store.epoch, waits: store.waits, lastReceipt: this.sync.peek().lastReceipt,
    };
    try {
      await this.#open?.copy?.write(meta, left, () => [...store.records.values()]);
    } catch {
      await this.#open?.copy?.clear().catch(() => undefined); // better nothing than what is not ours to read
    }
  }

  #applied(p: Page): 'applied' | 'old' | 'gap' {
    const result = this.#store.value.apply(p);
    const me = this.#open?.session.person.id;
    if (result === 'applied' && me) import('./later').then((m) => m.noticeAlerts(p.records, me), () => undefined); // without it the push goes out
    return result;
  }

  /** Without a copy the other tabs have the records from this one. */
  #lend(renewed = false): void {
    const { cursor, epoch, generation, records } = this.#store.value;
    if (!this.#open?.copy) this.#tabs.tell({ t: 'lent', records: [...records.values()], at: { cursor, epoch, generation }, renewed });
  }

  /** A page that another tab applied was missed here: the copy has it, or that tab. */
  async #readAnew(always = false): Promise<void> {
    if (!this.#open?.copy) return this.#tabs.tell({ t: 'ask' });
    const there = await this.#open?.copy?.read().catch(() => null);
    if (there && (always || there.meta.cursor > this.#store.value.cursor)) this.#store.value.replace(there.records, there.meta);
  }

  state(s: Partial<SyncState>): void {
    this.sync.value = { ...this.sync.peek(), ...s };
    if (this.#tabs.leading) this.#tabs.tell({ t: 'state', state: s });
    if (s.phase === 'live') void this.photos.send();
    if (s.phase === 'signed_out') void this.#obey(); // perhaps because this phone was blocked
  }

  #told(): Partial<SyncState> {
    const { phase, fetch, retryAt, again, lastContact, lastReceipt } = this.sync.peek();
    return { phase, fetch, retryAt, again, lastContact, lastReceipt };
  }

  // --- what other tabs did ---

  #hear(news: News): void {
    if (news.t === 'calm?') return this.#tabs.tell(this.#busy() ? { t: 'busy' } : { t: 'calm', slot: this.#tabs.slot });
    // A phone that is handed over takes nothing from other tabs: not their records, not their key.
    if (this.gate.peek().at === 'handed' && news.t !== 'lock') return;
    if (news.t === 'lock' || news.t === 'open' || news.t === 'key' || news.t === 'key?') return this.#hearKey(news);
    if (!this.#open) {
      const door = this.#door.peek();
      if (news.t === 'gone') {
        this.#journal.stop();
        if (door) {
          door.wiped = true;
          door.bar();
        }
      } else if (door?.vault) this.#early.push(news); // while it opens; a locked tab keeps nothing of what it hears
      else if (news.t === 'account' && door) location.reload();
      return;
    }
    const { outbox } = this.#store.value;
    switch (news.t) {
      case 'wrote':
        this.#took(news.entry);
        this.#talk?.poke();
        break;
      case 'waits': return this.#tabs.leading ? this.#waits(news.entries) : undefined;
      case 'dropped': return this.#dropped(news.commit);
      case 'settled': return void this.#settled(news.receipts, news.at);
      case 'page':
        if (this.#applied(news.page) === 'gap') void this.#readAnew();
        return;
      case 'renewed': return void this.#readAnew(true);
      case 'lent':
        if (!this.#tabs.leading && (news.renewed || news.at.cursor > this.#store.value.cursor)) this.#store.value.replace(news.records, news.at);
        return;
      case 'shut':
        this.#store.value.shut(news.rooms);
        return;
      case 'anew':
        this.#store.value.welcome(news, Date.now());
        return this.#count();
      case 'pictures': return void this.photos.look();
      case 'sync': return this.#talk?.look();
      case 'account': return location.reload();
      case 'sent': {
        const entries = outbox.entries.filter((e) => news.commits.includes(e.id));
        for (const e of entries) e.sent ??= news.at;
        return this.#store.value.changed(entries);
      }
      case 'state':
        if (!this.#tabs.leading) this.sync.value = { ...this.sync.peek(), ...news.state };
        break;
      case 'ask':
        if (this.#tabs.leading) {
          this.#lend();
          this.#tabs.tell({ t: 'state', state: this.#told() });
        }
    }
  }

  /** One lock for all tabs. A key goes only to a tab that asked for this locker, only
   *  while the vault is open here, and as a handle whose bytes no script can read. */
  #hearKey(news: News): void {
    const door = this.#door.peek();
    if (!door) return;
    const { vault, kept } = door;
    if (news.t === 'lock') {
      if (!this.#open) this.#heardLock = true;
      else if (!this.#closing) void this.#close();
    } else if (news.t === 'open') {
      this.#heardLock = false;
      if (!vault && kept.now === news.locker) this.#tabs.tell({ t: 'key?', locker: news.locker });
      else if (!vault) location.reload(); // somebody came in while this tab stood outside
      else if (news.locker !== door.locker && this.#open && !this.#closing) void this.#close(); // somebody else works here now
    } else if (news.t === 'key?') {
      if (vault && !this.#closing && this.#open && news.locker === door.locker) this.#tabs.tell({ t: 'key', locker: news.locker, key: vault.key, mark: vault.mark });
    } else if (news.t === 'key' && !this.#heardLock) void door.share(news.locker, news.key, news.mark).then(() => (this.#heardLock ? this.#close() : undefined));
  }

  // --- writing ---

  /** One after the other, in the order asked; a failure stops nobody else. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  #write(lines: NewLine[]): Promise<void> {
    return this.#inTurn(() => this.#append(lines)).then(() => undefined);
  }

  async #append(lines: NewLine[]) {
    try {
      const written = await this.#open!.diary.write(lines);
      // A few bytes of a draft may find a corner that work does not.
      if (this.sync.peek().storage.full && lines.some((l) => l.t === 'commit')) this.#storage({ full: false });
      void this.#lookForRoom();
      return written;
    } catch (e) {
      if (isFull(e)) this.#storage({ full: true });
      throw e;
    }
  }

  async #lookForRoom(): Promise<void> {
    if (Date.now() - this.#looked < lookForRoom) return;
    this.#looked = Date.now();
    const low = await import('./later').then((m) => m.isRoomLow()).catch(() => false);
    this.#storage({ low });
  }

  #storage(s: Partial<SyncState['storage']>): void {
    this.sync.value = { ...this.sync.peek(), storage: { ...this.sync.peek().storage, ...s } };
  }

  #count(s: Partial<SyncState> = {}): void {
    const { outbox } = this.#store.value;
    this.sync.value = { ...this.sync.peek(), ...s, unsent: outbox.unsent().length, trouble: outbox.trouble().length };
  }
}

/** The readable copy; null when nothing of it may stay here, or IndexedDB does not open. */
async function copyFor(session: Session, vault: Vault): Promise<Copy | null> {
  const copy = await Copy.open(vault).catch(() => null);
  if (session.keeps) return copy;
  await copy?.clear().catch(() => undefined); // what was kept in another role
  return null;
}

const appVersion = (): string | undefined => document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content;

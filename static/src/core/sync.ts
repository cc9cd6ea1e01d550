// The conversation with the server: hello, commits up, receipts and pages down, and
// when to try again. The tab that sends for all runs it.
import type { SyncState } from './api';
import { openPost, openSocket, type Channel, type Closed } from './channel';
import type { Entry } from './outbox';
import { Progress } from './progress';
import { packCommits, readMessage, type Check, type Checked, type FromServer, type Hello, type Page, type Receipt, type Welcome, type WireProblem } from './wire';

/** What the conversation asks of the core. */
export interface Host {
  hello(): Hello;
  unsent(): Entry[];
  /** Entries are about to be handed to the network for the first time. */
  sending(entries: Entry[]): Promise<void>;
  /** Entries were handed to the network. */
  sent(entries: Entry[]): void;
  welcome(w: Welcome): Promise<void>;
  receipts(rs: Receipt[]): Promise<void>;
  page(p: Page): Promise<'applied' | 'old' | 'gap'>;
  /** Forgets at once what was seen through these rooms at other epochs. */
  shut(rooms: string[]): Promise<void>;
  cursor(): number;
  /** Records of a long fetch that came before the app was started anew. */
  fetched(): number;
  /** What this phone has, to be compared with the server's word; null when it is not complete. */
  digest(): Promise<Check | null>;
  /** Says whether everything is to be fetched anew. */
  checked(c: Checked): boolean;
  state(s: Partial<SyncState>): void;
}

const silence = 20_000; // ms without an answer: the way is dead, whatever it says
const slowest = 4; // bytes a ms: what a large message may take longer
const doubt = 6_000; // ms, less than silence: the phone has slept or changed networks, so the old way is probably dead
const checkEvery = 120_000; // ms between looks at a quiet way
const spread = 10_000; // ms over which all devices come back to a server that has said goodbye
const window_ = 64; // commits without a receipt at most
const pollEvery = 10_000; // ms, where only requests get through
const socketAgain = 180_000; // ms until a blocked socket is tried anew
const againAfter = 4_000; // ms until a commit is sent anew that could not be judged
const haveWithin = 1_000; // ms until the server is told how far this phone has come, when nobody waits for it
const haveAfter = 8; // pages that one such word stands for at most
const compareAfter = 5_000; // ms of quiet, after everything was fetched
const compareEvery = { equal: 600_000, later: 60_000, different: 3_600_000 }; // ms until the next comparison
const visible = () => document.visibilityState === 'visible';

export class Conversation {
  #channel: Channel | null = null;
  #welcomed = false;
  #flying = new Map<string, number>(); // commits without a receipt, and how large they are
  #inbox: FromServer[] = [];
  #working = false;
  #fails = 0; // ways in a row that did not lead to a welcome
  #stumbles = 0; // messages in a row that could not be handled here
  #since = 0; // when the first of them failed, ms
  #blocked = 0; // sockets that failed while requests got through
  #triedSocket = 0; // ms
  #notBefore = 0; // no commits before this time, ms
  #fetching: Progress;
  #version = 0;
  #fetches = false; // pages are on their way
  #compareNext = 0; // ms
  #unsaid = 0; // pages since the last word on how far this phone is
  #timers = { quiet: 0, retry: 0, poll: 0, again: 0, compare: 0, have: 0 };
  #out = false; // the server said that the session is over
  #stopped = false;

  constructor(private host: Host) {
    this.#fetching = new Progress(host.fetched());
    for (const event of ['online', 'pageshow']) addEventListener(event, this.check);
    document.addEventListener('visibilitychange', this.check);
    addEventListener('offline', this.#offline);
    this.#connect();
  }

  /** Ends the conversation for good. */
  stop(): void {
    this.#stopped = true;
    for (const event of ['online', 'pageshow']) removeEventListener(event, this.check);
    document.removeEventListener('visibilitychange', this.check);
    removeEventListener('offline', this.#offline);
    for (const t of Object.values(this.#timers)) clearTimeout(t);
    this.#channel?.close();
  }

  /** Something was written, or somebody wants it now. */
  poke(): void {
    if (this.#welcomed) this.#pump();
    else if (!this.#channel) this.#connect();
  }

  /** Is the way still open? Asked when the phone wakes up: sockets die silently in its sleep. */
  check = (): void => void (visible() && this.look());

  /** The same for somebody who looks at another tab than this one. */
  look(): void {
    if (this.#stopped) return;
    if (!this.#channel) this.#connect();
    else if (this.#welcomed) this.#hello(this.#fetches ? silence : doubt); // a page may take long on a slow network
  }

  #offline = () => this.#channel?.close();

  #after(name: 'quiet' | 'retry' | 'poll' | 'again' | 'compare' | 'have', ms: number, f: () => void): void {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(f, ms) as unknown as number;
  }

  #connect(): void {
    if (this.#stopped || this.#channel) return;
    clearTimeout(this.#timers.retry);
    this.host.state({ phase: 'connecting', retryAt: null });
    const byPost = this.#fails >= 2 || (this.#blocked >= 2 && Date.now() - this.#triedSocket < socketAgain);
    if (!byPost) this.#triedSocket = Date.now();
    const ears = {
      opened: () => this.#hello(),
      message: (raw: string) => this.#message(raw),
      closed: (why: Closed) => this.#closed(why, byPost),
    };
    this.#channel = byPost ? openPost(ears, () => JSON.stringify(this.host.hello())) : openSocket(ears);
  }

  #hello(within = silence): void {
    this.#send(JSON.stringify(this.host.hello()), within);
  }

  #send(raw: string, within = silence): void {
    this.#channel?.send(raw);
    this.#after('quiet', within, () => this.#channel?.close());
  }

  #closed(why: Closed, byPost: boolean): void {
    if (!this.#welcomed) {
      if (this.#fails++ === 0) this.#since = Date.now();
      if (!byPost && this.#blocked > 0) this.#blocked++;
    }
    this.#channel = null;
    this.#welcomed = false;
    this.#flying.clear();
    this.#inbox = [];
    clearTimeout(this.#timers.quiet);
    clearTimeout(this.#timers.poll);
    clearTimeout(this.#timers.compare);
    clearTimeout(this.#timers.have);
    this.#unsaid = 0;
    if (this.#stopped) return;
    if (why === 'signed_out' || this.#out) {
      this.#out = false;
      this.host.state({ phase: 'signed_out', retryAt: null, fetch: null });
      return;
    }
    const wait = why === 'leaving' ? Math.random() * spread : this.#pause();
    this.host.state({ phase: 'offline', fetch: null, retryAt: navigator.onLine ? Date.now() + wait : null });
    this.#after('retry', wait, () => this.#connect());
  }

  /** Back-off with jitter, most of it chance, so that those who were cut off together do
   *  not come back together: quick while somebody looks and it has not lasted, slower later. */
  #pause(): number {
    const lasting = this.#fails > 0 && Date.now() - this.#since > 120_000;
    const most = visible() && this.#stumbles < 4 ? (lasting ? 15_000 : 3_000) : 60_000;
    return Math.min(most, 500 * 2 ** Math.min(Math.max(this.#fails, this.#stumbles), 8)) * (0.2 + Math.random() * 0.8);
  }

  #message(raw: string): void {
    clearTimeout(this.#timers.quiet);
    const m = readMessage(raw);
    if (!m) return;
    if (m.type === 'page') this.#fetching.bytes += raw.length;
    this.#inbox.push(m);
    void this.#work();
  }

  /** Handles what came, in order; receipts that came together are kept together. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#inbox.length > 0) await this.#handle(this.#inbox.shift()!);
    } catch {
      this.#stumbles++;
      this.#channel?.close();
    } finally {
      this.#working = false;
    }
    if (this.#flying.size > 0) this.#after('quiet', silence + Math.max(...this.#flying.values()) / slowest, () => this.#channel?.close());
    else if (this.#channel) this.#rest();
  }

  async #handle(m: FromServer): Promise<void> {
    if (m.type === 'receipt') {
      const receipts = [m];
      while (this.#inbox[0]?.type === 'receipt') receipts.push(this.#inbox.shift() as Receipt & { type: 'receipt' });
      await this.#receipts(receipts);
    } else if (m.type === 'welcome') await this.#welcome(m);
    else if (m.type === 'page') await this.#page(m);
    else if (m.type === 'checked') this.#checked(m);
    else if (m.type === 'shut') await this.host.shut([m.room]);
    else this.#problem(m);
  }

  /** All is quiet: look now and then whether the way is still open. */
  #rest(): void {
    const post = this.#channel?.way === 'post';
    this.#after('poll', post ? pollEvery : checkEvery, () => {
      if (post && (this.#blocked < 2 || Date.now() - this.#triedSocket > socketAgain)) this.#trySocket();
      else if (visible() || post) this.#hello();
    });
  }

  async #welcome(w: Welcome): Promise<void> {
    const channel = this.#channel;
    await this.host.welcome(w);
    if (w.shut?.length) await this.host.shut(w.shut);
    if (!channel || this.#channel !== channel) return; // it broke meanwhile: the next one has not been welcomed
    const first = !this.#welcomed;
    this.#welcomed = true;
    this.#fails = 0;
    if (channel.way === 'socket') this.#blocked = 0;
    else if (first && this.#blocked === 0) this.#blocked = 1; // was it the socket, or the server?
    this.#version = w.version;
    this.host.state({ lastContact: Date.now(), retryAt: null, ...(this.host.unsent().length ? {} : { again: null }), ...this.#progress(w.waiting) });
    this.#pump();
    if (channel.way === 'post' && this.#blocked < 2) this.#after('poll', 500, () => this.#trySocket());
  }

  /** Requests get through: does a socket, too? */
  #trySocket(): void {
    this.#channel?.close();
    this.#connect();
  }

  async #page(p: Page): Promise<void> {
    const channel = this.#channel;
    const before = this.host.cursor();
    const result = await this.host.page(p);
    this.#stumbles = 0;
    if (!channel || this.#channel !== channel) return; // it broke meanwhile
    if (result === 'gap') this.#hello();
    else if (channel.way === 'socket') this.#have(p);
    else if (p.waiting > 0 && this.#inbox.length === 0 && this.host.cursor() > before) this.#hello();
    this.host.state({ lastContact: Date.now(), ...this.#progress(p.waiting) });
  }

  /** Says how far this phone has come: at once when more waits or something has left,
   *  and else, as many get the same news at the same moment, a little later (SPEC D11). */
  #have(p: Page): void {
    const now = p.waiting > 0 || p.records.some((r) => r.left) || ++this.#unsaid >= haveAfter;
    if (now) this.#sayHave();
    else if (this.#unsaid === 1) this.#after('have', Math.random() * haveWithin, () => this.#sayHave());
  }

  #sayHave(): void {
    clearTimeout(this.#timers.have);
    this.#unsaid = 0;
    this.#channel?.send(JSON.stringify({ type: 'have', cursor: this.host.cursor() }));
  }

  /** All has come and it is quiet: does this phone have what it should? */
  async #compare(): Promise<void> {
    const check = await this.host.digest();
    if (check && this.#welcomed) this.#send(JSON.stringify(check));
  }

  #checked(c: Checked): void {
    const every = compareEvery[c.result as 'equal'] ?? compareEvery.different;
    this.#compareNext = Date.now() + every;
    this.#after('compare', every, () => void this.#compare());
    if (this.host.checked(c)) this.#hello();
  }

  #progress(waiting: number): Partial<SyncState> {
    this.#fetches = waiting > 0;
    if (waiting === 0) {
      this.#fetching.waits(0);
      if (this.#version >= 2) this.#after('compare', Math.max(compareAfter, this.#compareNext - Date.now()), () => void this.#compare());
      return { phase: 'live', fetch: null };
    }
    clearTimeout(this.#timers.compare);
    return { phase: 'fetching', fetch: this.#fetching.waits(waiting) };
  }

  async #receipts(receipts: Receipt[]): Promise<void> {
    for (const r of receipts) this.#flying.delete(r.commit);
    const later = receipts.find((r) => r.status === 'again' && r.code !== 'predecessor');
    this.host.state({ lastContact: Date.now(), again: later ? (later.code ?? 'try_again') : null });
    if (receipts.some((r) => r.status === 'again')) {
      this.#notBefore = Date.now() + againAfter;
      this.#after('again', againAfter, () => {
        this.#notBefore = 0;
        this.#pump();
      });
    }
    await this.host.receipts(receipts);
    this.#pump();
  }

  #problem(p: WireProblem): void {
    if (p.code === 'signed_out') this.#out = true;
    if (p.close) this.#channel?.close();
  }

  /** Sends what is unsent, in the order written, some of it ahead of its receipts. */
  #pump(): void {
    if (!this.#channel || !this.#welcomed || Date.now() < this.#notBefore) return;
    const room = window_ - this.#flying.size;
    const next = this.host.unsent().filter((e) => !this.#flying.has(e.id)).slice(0, Math.max(0, room));
    if (next.length === 0) return;
    for (const e of next) this.#flying.set(e.id, e.raw.length);
    void this.#hand(next, this.#channel);
  }

  async #hand(entries: Entry[], channel: Channel): Promise<void> {
    const first = entries.filter((e) => !e.sent);
    if (first.length > 0) await this.host.sending(first);
    if (this.#channel !== channel) return; // it broke meanwhile: they go with the next one
    const still = entries.filter((e) => e.raw); // what was taken back meanwhile stays
    for (const raw of packCommits(still.map((e) => e.raw))) this.#send(raw, silence + raw.length / slowest);
    this.host.sent(still);
  }
}

// Several tabs of one phone: each has a place (and a journal) of its own, one of
// them sends for all, and they tell each other what they did.
import type { SyncState } from './api';
import { senderLock } from './hand_in_names';
import type { Entry } from './outbox';
import type { Page, Receipt, WireRecord } from './wire';

export type News =
  | { t: 'wrote'; entry: Entry }
  | { t: 'waits'; entries: Entry[] } // unsent, says a tab that does not send
  | { t: 'dropped'; commit: string }
  | { t: 'settled'; receipts: Receipt[]; at: number }
  | { t: 'sent'; commits: string[]; at: number }
  | { t: 'page'; page: Page }
  | { t: 'shut'; rooms: string[] } // less is seen through these
  | { t: 'anew'; generation: string; epoch: number } // start over, on another generation
  | { t: 'lent'; records: WireRecord[]; at: { cursor: number; epoch: number; generation: string }; renewed: boolean } // where there is no copy to read
  | { t: 'renewed' } // everything was fetched anew: read the copy
  | { t: 'state'; state: Partial<SyncState> }
  | { t: 'pictures' } // others wait on this phone than before
  | { t: 'account' } // somebody signed in or out
  | { t: 'lock' } // all tabs close the vault
  | { t: 'gone' } // everything on this phone is being deleted: let go of it
  | { t: 'open'; locker: string } // a tab has opened it
  | { t: 'key?'; locker: string } // who has it open?
  | { t: 'key'; locker: string; key: CryptoKey; mark: Uint8Array } // a handle whose bytes no script can read
  | { t: 'ask' } // a tab has come: how is it?
  | { t: 'sync' }
  | { t: 'calm?' } // a new version waits: is anything begun?
  | { t: 'busy' }
  | { t: 'calm'; slot: string } // nothing is, in the tab of this place
  | { t: 'ping' }
  | { t: 'pong'; state: Partial<SyncState> };

/** What a phone hears that is handed over as well: nothing of it holds a record or a key. */
const forAll = new Set<News['t']>(['lock', 'gone', 'calm?', 'busy', 'calm']);
const takesBreath = 500; // ms before silence is a yes: a page may be opening, and have no place yet
const patience = 3000; // ms that another tab has to answer
const lookEvery = 5000; // ms between looks at the sender

export class Tabs {
  slot = ''; // until a place is taken
  leading = false;
  #channel = new BroadcastChannel('bokvar');
  #all = new BroadcastChannel('bokvar-all');
  #asking: AbortController | null = null; // stands in the line for the sender's place
  #waiting = new Set<() => void>(); // for the sender's answer
  #disturbed = false;
  #calm = new Set<string>(); // places whose tabs have said so
  #calming: Promise<boolean> | null = null; // asked, and not answered yet
  #answer = () => {}; // looks whether all have answered

  /** `state` is what a sender tells of itself when it is asked. */
  constructor(private on: (news: News) => void, private state: () => Partial<SyncState>) {
    this.#all.onmessage = (e) => this.#hear(e.data as News);
  }

  /** From now on this tab hears what only those may that are the worker's: records and keys
   *  become objects in a page's memory when it listens, also when it passes them over. */
  listen(): void {
    this.#channel.onmessage = (e) => this.#hear(e.data as News);
  }

  /** Takes the first free place, for as long as this tab lives. */
  async claim(): Promise<string> {
    for (let n = 0; ; n++) {
      if (await take(`bokvar-tab-${n}`)) return (this.slot = String(n));
    }
  }

  /** The places that are taken. */
  async living(): Promise<string[]> {
    const { held = [] } = await navigator.locks.query();
    return held.map((l) => l.name ?? '').filter((n) => n.startsWith('bokvar-tab-')).map((n) => n.slice('bokvar-tab-'.length));
  }

  /** Waits to become the sender; `lost` is told when another tab took it away. */
  lead(begin: () => void, lost: () => void, steal = false): void {
    const asking = new AbortController();
    if (!steal) this.#asking = asking;
    const hold = () => {
      if (steal) this.#asking?.abort();
      this.leading = true;
      begin();
      return new Promise<void>(() => {});
    };
    navigator.locks.request(senderLock, steal ? { steal: true } : { signal: asking.signal }, hold).catch(() => {
      if (asking.signal.aborted) return; // this tab has it by another request
      this.leading = false;
      lost();
      this.lead(begin, lost);
    });
  }

  /** Takes the sender's place when it does not answer: phones freeze tabs. */
  async challenge(begin: () => void, lost: () => void): Promise<void> {
    if (this.leading) return;
    let heard = () => {};
    const answered = new Promise<boolean>((resolve) => {
      this.#waiting.add((heard = () => resolve(true)));
      setTimeout(() => resolve(false), patience);
    });
    this.tell({ t: 'ping' });
    const answers = await answered;
    this.#waiting.delete(heard);
    if (!answers && !this.leading) this.lead(begin, lost, true);
  }

  /** Looks again and again, because a sender can answer and be frozen in the next moment. */
  watch(look: () => void): void {
    const due = () => this.leading || look();
    setInterval(due, lookEvery);
    document.addEventListener('visibilitychange', due);
  }

  /** True when no other tab has something begun: all have said so, or have had time to. One
   *  that is frozen has it in its journal. */
  calm(): Promise<boolean> {
    return (this.#calming ??= this.#askCalm().finally(() => (this.#calming = null)));
  }

  async #askCalm(): Promise<boolean> {
    this.#disturbed = false;
    this.#calm.clear();
    const there = await this.living();
    this.tell({ t: 'calm?' });
    const silent = () => there.some((slot) => slot !== this.slot && !this.#calm.has(slot)); // this tab may have taken its place just now
    const answered = new Promise<void>((done) => {
      this.#answer = () => void ((this.#disturbed || !silent()) && done());
      this.#answer();
      setTimeout(done, patience);
    });
    await Promise.all([answered, new Promise((wait) => setTimeout(wait, takesBreath))]);
    return !this.#disturbed;
  }

  tell(news: News): void {
    (forAll.has(news.t) ? this.#all : this.#channel).postMessage(news);
  }

  #hear(news: News): void {
    if (news.t === 'pong') {
      this.#waiting.forEach((heard) => heard());
      this.on({ t: 'state', state: news.state });
    } else if (news.t === 'busy' || news.t === 'calm') {
      if (news.t === 'busy') this.#disturbed = true;
      else this.#calm.add(news.slot);
      this.#answer();
    }
    // By a timer: a frozen tab still hears, but its timers stand still and so does its network.
    else if (news.t === 'ping') this.leading && setTimeout(() => this.leading && this.tell({ t: 'pong', state: this.state() }));
    else this.on(news);
  }
}

/** Takes a lock for the life of the page, if it is free. */
function take(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    });
  });
}

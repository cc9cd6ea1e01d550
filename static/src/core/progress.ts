// How far a long fetch has come. It goes on after an interruption where it was,
// never backwards, and is whole only when nothing waits.

export interface Fetch {
  done: number; // records
  total: number;
  share: number; // of the whole, under 1
  bytes: number; // since the app was started
}

export class Progress {
  bytes = 0;
  #waiting = -1; // -1: not known yet
  #share = 0;

  /** Begins with what came before an interruption. */
  constructor(private done = 0) {}

  /** So many records still wait. Null when all have come. */
  waits(waiting: number): Fetch | null {
    if (waiting === 0) {
      this.done = this.#share = this.bytes = 0;
      this.#waiting = -1;
      return null;
    }
    if (this.#waiting >= 0) this.done += Math.max(0, this.#waiting - waiting);
    this.#waiting = waiting;
    const total = this.done + waiting;
    this.#share = Math.max(this.#share, this.done / total);
    return { done: this.done, total, share: this.#share, bytes: this.bytes };
  }
}

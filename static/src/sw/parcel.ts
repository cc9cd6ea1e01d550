// Carries a parcel from a page to the one that comes after it, once, in memory alone:
// what the key of a consent that the phone is handed over for travels in. Pure but for
// the clock, so that it can be tested.

const keep = 10_000; // ms: a page starts in less

interface Parcel {
  contact: string;
}

export class Courier {
  #held: Parcel | null = null;
  #until = 0;

  /** Takes a parcel. The one before, if nobody took it, is gone. */
  hand(parcel: Parcel, now = Date.now()): true {
    this.#held = parcel;
    this.#until = now + keep;
    return true;
  }

  /** Gives it to the page that it is for, and to nobody after that. */
  take(contact: string, now = Date.now()): Parcel | 'none' {
    const parcel = now <= this.#until && this.#held?.contact === contact ? this.#held : 'none';
    this.#held = null;
    return parcel;
  }

  /** Forgets what nobody took. */
  forget(now = Date.now()): void {
    if (now > this.#until) this.#held = null;
  }
}

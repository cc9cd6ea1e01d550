// What this phone remembers beside its journal: when the server last answered and
// last confirmed something, and how much was unsent. Times and counts, no content.
// Where the browser has thrown the journal away, this tells that there was one.

export interface Last {
  contact: number | null; // ms, this phone's clock
  receipt: number | null; // ms
  unsent: number; // commits that only this phone had
  fetched: number; // records of a long fetch that is not finished
}

const where = 'bokvar-last';
const nothing: Last = { contact: null, receipt: null, unsent: 0, fetched: 0 };

function read(): (Partial<Last> & { owner?: string }) | null {
  try {
    return JSON.parse(localStorage.getItem(where) ?? 'null');
  } catch {
    return null;
  }
}

/** What is known of the last time that the vault with this mark was open here. */
export function lastOf(owner: string): Last {
  const { owner: whose, ...last } = read() ?? {};
  return whose === owner ? { ...nothing, ...last } : nothing;
}

/** How much was unsent when somebody last worked here; null when nobody is known to have. */
export const unsentOfAnyone = (): number | null => read()?.unsent ?? null;

/** Whether somebody has worked here: then there is most likely something to unlock. */
export const knowsSomebody = (): boolean => read() !== null;

export function keepLast(owner: string, last: Last): void {
  try {
    localStorage.setItem(where, JSON.stringify({ owner, ...last }));
  } catch {
    // Full or forbidden: told anew at the next contact.
  }
}

/** Somebody has signed out: that nothing is here is as it should be. */
export function forgetLast(): void {
  try {
    localStorage.removeItem(where);
  } catch {
    // as above
  }
}

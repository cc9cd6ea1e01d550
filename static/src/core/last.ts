// When the server last answered and last confirmed something: two times, no content.
// They lie apart from the journal, so that they cost nothing to keep and outlive it.

export interface Last {
  contact: number | null; // ms, this phone's clock
  receipt: number | null; // ms
}

const where = 'bokvar-last';
const nothing: Last = { contact: null, receipt: null };

/** What is known of the person's last contact from this phone. */
export function lastOf(person: string): Last {
  try {
    const kept = JSON.parse(localStorage.getItem(where) ?? '');
    return kept.person === person ? { contact: kept.contact ?? null, receipt: kept.receipt ?? null } : nothing;
  } catch {
    return nothing;
  }
}

export function keepLast(person: string, last: Last): void {
  try {
    localStorage.setItem(where, JSON.stringify({ person, ...last }));
  } catch {
    // Full or forbidden: the times are told anew at the next contact.
  }
}

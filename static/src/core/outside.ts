// What of a commit stands outside its seal: a withdrawal, by the random ids of what it
// ends, so that it counts as soon as the phone hands it in, before anybody opens it.
// Nothing that somebody wrote is among it.

export interface Outside {
  g?: string; // whose it is; absent for the author's own organisation
  r: string; // the record
  f: Record<string, unknown>;
}

interface Change {
  org?: string;
  kind: string;
  record: string;
  fields: Record<string, { v: unknown }>;
}

/** Undefined when there is none. */
export function outsideOf(changes: Change[]): Outside[] | undefined {
  const found = changes
    .filter((c) => c.kind === 'withdrawal')
    .map((c) => ({ g: c.org, r: c.record, f: Object.fromEntries(Object.entries(c.fields).map(([name, set]) => [name, set.v])) }));
  return found.length > 0 ? found : undefined;
}

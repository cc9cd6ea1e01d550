// What of a commit stands outside its seal: a withdrawal, by the random ids of what it
// ends, so that it counts as soon as the phone hands it in, before anybody opens it. A
// tenant's no ends what was agreed to before as well: it stands there as a withdrawal of
// the same file, and nobody can tell the two apart. Nothing that somebody wrote is among it.

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

/** The id of the withdrawal that a no stands there as: package consent's NoID. */
export async function noId(giving: string): Promise<string> {
  const sum = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`no:${giving}`));
  return Array.from(new Uint8Array(sum, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What of a withdrawal says what it ends. Who said it and who heard it stay inside the seal. */
const ends = ['unit', 'handle', 'case', 'person', 'signature', 'how', 'at'];

/** Undefined when there is none. `at`: when it was written, ms. */
export async function outsideOf(changes: Change[], at: number): Promise<Outside[] | undefined> {
  const found: Outside[] = [];
  for (const { org: g, kind, record, fields } of changes) {
    const { unit, handle, answer } = fields;
    if (kind === 'withdrawal') found.push({ g, r: record, f: Object.fromEntries(ends.filter((name) => name in fields).map((name) => [name, fields[name].v])) });
    else if (kind === 'giving' && answer?.v === 'declined') found.push({ g, r: await noId(record), f: { unit: unit?.v, handle: handle?.v, at } });
  }
  return found.length > 0 ? found : undefined;
}

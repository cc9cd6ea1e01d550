// JSON over HTTP. Every failure is a Problem with a code and, where the server gave
// one, a sentence.
import { Problem, type Session } from './api';

export interface Ask {
  method?: string;
  body?: unknown;
  form?: FormData;
  raw?: Uint8Array;
}

export async function fetchJSON<T>(path: string, ask: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Bokvar': '1' };
  if (ask.body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, {
    method: ask.method ?? (ask.body !== undefined || ask.form ? 'POST' : 'GET'),
    headers, credentials: 'same-origin',
    body: ask.form ?? (ask.raw as BodyInit | undefined) ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body)),
  }).catch(() => {
    throw new Problem('offline');
  });
  if (answer.status === 204) return undefined as T;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(said.code ?? 'try_again', said.sentence ?? '');
  return said as T;
}

/** What lies at an address. Rejects with a Problem. */
export async function fetchBytes(path: string): Promise<Uint8Array> {
  const answer = await fetch(path, { credentials: 'same-origin' }).catch(() => null);
  if (!answer?.ok) throw new Problem(answer ? 'not_found' : 'offline');
  return new Uint8Array(await answer.arrayBuffer());
}

/** The session as the server tells it, with what only the core needs. */
export interface ServerSession extends Session {
  vaultKey: string; // base64, 32 bytes
  vapidKey: string; // base64url
}

/** The part of a session that screens may see. */
export function publicSession({ person, org, device, demo, version, keeps }: ServerSession): Session {
  return { person, org, device, demo, version, keeps };
}

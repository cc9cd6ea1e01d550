// JSON over HTTP. Every failure is a Problem with a code and, where the server gave
// one, a sentence.
import { Problem, type Session } from './api';
import type { Wrap } from './kept';
import type { RescueKey } from './twice';
import { toBase64url } from './vault';

export interface Ask {
  method?: string;
  body?: unknown;
  form?: FormData;
  raw?: Uint8Array;
}

let proof = '';

/** From now on requests and sockets show this: what lies in the vault beside the session,
 *  and whose vault it is. Another person's session on the same phone carries nothing of it. */
export function showProof(secret: string, id: string): void {
  proof = secret && `${secret}.${toBase64url(new TextEncoder().encode(id))}`;
}

/** What is shown beside the cookie, as a header. */
export const proofHeader = (): Record<string, string> => (proof ? { 'X-Bokvar-Proof': proof } : {});

/** The same for a socket, which cannot carry headers of ours. */
export const proofProtocols = (): string[] => (proof ? ['bokvar', `proof.${proof}`] : []);

export async function fetchJSON<T>(path: string, ask: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Bokvar': '1', ...proofHeader() };
  if (ask.body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, {
    method: ask.method ?? (ask.body !== undefined || ask.form ? 'POST' : 'GET'),
    headers, credentials: 'same-origin',
    body: ask.form ?? (ask.raw as BodyInit | undefined) ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body)),
  }).catch(() => {
    throw new Problem('offline');
  });
  if (answer.status === 204) return undefined as T;
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json().catch(() => ({}))) as T;
}

async function refusal(answer: Response): Promise<Problem> {
  const said = await answer.json().catch(() => ({}));
  return new Problem(said.code ?? 'try_again', said.sentence ?? '');
}

/** What lies at an address, or what it answers to a body. Rejects with a Problem. */
export async function fetchBytes(path: string, body?: unknown): Promise<Uint8Array> {
  const asked = body ? { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-Bokvar': '1', ...proofHeader() } } : { headers: proofHeader() };
  const answer = await fetch(path, { credentials: 'same-origin', ...asked }).catch(() => null);
  if (!answer) throw new Problem('offline');
  if (!answer.ok) throw await refusal(answer);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The session as the server tells it, with what only the core needs. */
export interface ServerSession extends Session {
  vault: { locker: string; wraps: Wrap[]; signs: boolean } | null; // null before this phone was enrolled
  vapidKey: string; // base64url
  lease: number; // days that this phone opens without the server
  unused: number; // minutes without a touch, then it locks
  hidden: number; // minutes out of sight, then it locks
  rescue: RescueKey[];
}

/** What the server is told of a vault; without wraps, the session is bound to the one it knows. */
export interface Enrolment {
  locker: string;
  name?: string;
  wraps?: Wrap[];
  auth?: string; // base64url
  proof: string; // base64url
  passkey?: unknown; // what a new passkey answered to the server's challenge
}

/** The part of a session that screens may see. */
export function publicSession({ person, org, device, demo, version, keeps }: ServerSession): Session {
  return { person, org, device, demo, version, keeps };
}

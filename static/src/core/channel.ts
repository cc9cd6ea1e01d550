// The two ways to the server that carry the same messages: a socket, and single
// requests for networks that block sockets.

import { proofHeader, proofProtocols } from './http';

export interface Channel {
  readonly way: 'socket' | 'post';
  send(raw: string): void;
  close(): void;
}

export interface Ears {
  opened(): void;
  message(raw: string): void;
  /** The way is closed, or never opened. Called once. */
  closed(why: Closed): void;
}

/** leaving: the server said that it goes away, so it said so to everybody. */
export type Closed = 'gone' | 'leaving' | 'signed_out';

const signedOut = 4401; // the server's close codes
const goingAway = 1001;
const openWithin = 10_000; // ms

export function openSocket(ears: Ears): Channel {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/sync`, proofProtocols());
  let over = false;
  const end = (why: Closed) => {
    if (over) return;
    over = true;
    clearTimeout(slow);
    ears.closed(why);
  };
  const close = () => {
    end('gone');
    socket.close(); // a dead one may take long to say so itself
  };
  const slow = setTimeout(close, openWithin);
  socket.onopen = () => {
    clearTimeout(slow);
    if (!over) ears.opened();
  };
  socket.onmessage = (e) => over || ears.message(String(e.data));
  socket.onclose = (e) => end(e.code === signedOut ? 'signed_out' : e.code === goingAway ? 'leaving' : 'gone');
  return { way: 'socket', send: (raw) => socket.readyState === WebSocket.OPEN && socket.send(raw), close };
}

/** Every request begins with a hello, because the server keeps nothing in between. */
export function openPost(ears: Ears, hello: () => string): Channel {
  const queue: string[] = [];
  const stop = new AbortController();
  let busy = false;
  let over = false;
  const end = (why: Closed) => {
    if (over) return;
    over = true;
    stop.abort();
    ears.closed(why);
  };
  const post = async () => {
    if (busy || over) return;
    busy = true;
    while (queue.length > 0 && !over) {
      const raw = queue.shift()!;
      const messages = raw.startsWith('{"type":"hello"') ? [raw] : [hello(), raw];
      const why = await ask(`{"messages":[${messages.join(',')}]}`, ears, stop.signal);
      if (why) end(why);
    }
    busy = false;
  };
  queueMicrotask(() => over || ears.opened());
  return { way: 'post', send: (raw) => { queue.push(raw); void post(); }, close: () => end('gone') };
}

async function ask(body: string, ears: Ears, stop: AbortSignal): Promise<Closed | null> {
  try {
    const answer = await fetch('/sync', {
      method: 'POST', body, signal: stop, credentials: 'same-origin', headers: { 'Content-Type': 'application/json', 'X-Bokvar': '1', ...proofHeader() },
    });
    if (answer.status === 401) return 'signed_out';
    if (!answer.ok) return 'gone';
    for (const m of ((await answer.json()) as { messages: unknown[] }).messages) ears.message(JSON.stringify(m));
    return null;
  } catch {
    return 'gone';
  }
}

// What is opened on this phone, for the log of who has read what: told at once with
// a network and later without one. Ids and times only, under a name that means nothing
// outside this phone; what was told is forgotten here.
import { effect } from '@preact/signals-core';
import { Problem } from './api';
import { core } from './current';
import { fetchJSON } from './http';

interface Reading {
  number: number; // rises on this phone, so that telling it twice is harmless
  root: string;
  at: number; // ms, this phone's clock
  offline: boolean; // it could not be told when it happened
  shared?: boolean; // what the other organisation has shared was opened
}
interface Queue {
  last: number;
  list: Reading[];
}

const most = 5000; // kept without a network; the oldest give way
const atOnce = 500; // the server takes no more in one request
const passing = new Set(['offline', 'try_again', 'slow_down', 'signed_out', 'failed', 'not_ready', 'disk_full']);

const place = (owner: string) => `bokvar-readings-${owner}`;

function load(owner: string): Queue {
  try {
    return (JSON.parse(localStorage.getItem(place(owner)) ?? 'null') as Queue | null) ?? { last: 0, list: [] };
  } catch {
    return { last: 0, list: [] };
  }
}

/** One tab at a time reads, changes and writes the queue. */
const alone = <T>(f: () => T | Promise<T>): Promise<T> => navigator.locks.request('bokvar-readings', f);

const change = (owner: string, f: (q: Queue) => void): Promise<void> =>
  alone(() => {
    const q = load(owner);
    f(q);
    localStorage.setItem(place(owner), JSON.stringify(q));
  });

/** Follows what is on the screen; `path` is reactive. */
export function startReadings(path: () => string): void {
  let open = '';
  effect(() => {
    const owner = core.session.value && core.owner();
    const root = owner && rootOf(path());
    const shared = isShared(path());
    const what = root ? `${root} ${shared}` : '';
    if (what === open) return;
    open = what;
    if (owner && root) void note(owner, root, shared);
  });
  let live = false;
  effect(() => {
    const now = core.sync.value.phase === 'live'; // the server answers (again)
    if (now && !live) void tell(core.owner());
    live = now;
  });
}

/** The file that the screen shows: a household's, or what has come in as a file of its own. */
function rootOf(path: string): string | undefined {
  const [, screen, id] = path.split('/');
  if (screen === 'received') return core.get('giving', id) || core.get('notice_in', id) ? id : undefined;
  const kind = { visit: 'contact', case: 'case', call: 'case' }[screen];
  return kind && id ? (core.get(kind, id)?.f.household as string | undefined) : undefined;
}

/** Whether the screen shows what the other organisation has shared. */
const isShared = (path: string): boolean => /^\/case\/[^/]+\/(shared|time)/.test(path);

async function note(owner: string, root: string, shared: boolean): Promise<void> {
  await change(owner, (q) => {
    q.last = Math.max(q.last + 1, Date.now()); // also after the browser has emptied its storage
    q.list = [...q.list, { number: q.last, root, at: Date.now(), offline: false, ...(shared && { shared }) }].slice(-most);
  });
  await tell(owner);
}

async function tell(owner: string): Promise<void> {
  if (!owner) return;
  for (let q = load(owner); q.list.length; q = load(owner)) {
    const readings = q.list.slice(0, atOnce);
    const last = readings[readings.length - 1].number;
    try {
      await fetchJSON('/api/readings', { body: { readings } });
    } catch (e) {
      if (!(e instanceof Problem) || passing.has(e.code)) {
        await change(owner, (now) => now.list.forEach((r) => (r.offline = true)));
        return;
      }
    }
    await change(owner, (now) => (now.list = now.list.filter((r) => r.number > last)));
  }
}

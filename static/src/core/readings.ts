// What is opened on this phone, for the log of who has read what: told at once with
// a network and later without one. Ids and times only; what was told is forgotten here.
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

const place = (person: string) => `bokvar-readings-${person}`;

function load(person: string): Queue {
  try {
    return (JSON.parse(localStorage.getItem(place(person)) ?? 'null') as Queue | null) ?? { last: 0, list: [] };
  } catch {
    return { last: 0, list: [] };
  }
}

/** One tab at a time reads, changes and writes the queue. */
const alone = <T>(f: () => T | Promise<T>): Promise<T> => navigator.locks.request('bokvar-readings', f);

const change = (person: string, f: (q: Queue) => void): Promise<void> =>
  alone(() => {
    const q = load(person);
    f(q);
    localStorage.setItem(place(person), JSON.stringify(q));
  });

/** Follows what is on the screen; `path` is reactive. */
export function startReadings(path: () => string): void {
  let open = '';
  effect(() => {
    const person = core.session.value?.person.id;
    const root = person && rootOf(path());
    const shared = isShared(path());
    const what = root ? `${root} ${shared}` : '';
    if (what === open) return;
    open = what;
    if (person && root) void note(person, root, shared);
  });
  let live = false;
  effect(() => {
    const now = core.sync.value.phase === 'live'; // the server answers (again)
    if (now && !live) void tell(core.session.peek()?.person.id);
    live = now;
  });
}

/** The household whose file the screen shows. */
function rootOf(path: string): string | undefined {
  const [, screen, id] = path.split('/');
  const kind = { visit: 'contact', case: 'case', call: 'case' }[screen];
  return kind && id ? (core.get(kind, id)?.f.household as string | undefined) : undefined;
}

/** Whether the screen shows what the other organisation has shared. */
const isShared = (path: string): boolean => /^\/case\/[^/]+\/(shared|time)/.test(path);

async function note(person: string, root: string, shared: boolean): Promise<void> {
  await change(person, (q) => {
    q.last = Math.max(q.last + 1, Date.now()); // also after the browser has emptied its storage
    q.list = [...q.list, { number: q.last, root, at: Date.now(), offline: false, ...(shared && { shared }) }].slice(-most);
  });
  await tell(person);
}

async function tell(person: string | undefined): Promise<void> {
  if (!person) return;
  for (let q = load(person); q.list.length; q = load(person)) {
    const readings = q.list.slice(0, atOnce);
    const last = readings[readings.length - 1].number;
    try {
      await fetchJSON('/api/readings', { body: { readings } });
    } catch (e) {
      if (!(e instanceof Problem) || passing.has(e.code)) {
        await change(person, (now) => now.list.forEach((r) => (r.offline = true)));
        return;
      }
    }
    await change(person, (now) => (now.list = now.list.filter((r) => r.number > last)));
  }
}

// An alert that somebody really looks at needs no push: a visible app says so. An
// open socket alone proves nothing, because phones sleep.
import { fetchJSON } from './http';
import type { WireRecord } from './wire';

const waiting = new Set<string>();
const told = new Set<string>();

/** Tells the server of new alerts that name the person, as soon as the app is visible. */
export function noticeAlerts(records: WireRecord[], person: string): void {
  for (const r of records) {
    const people = r.f?.people;
    if (r.kind === 'alert' && !r.left && !r.f?.seen && Array.isArray(people) && people.includes(person) && !told.has(r.id)) waiting.add(r.id);
  }
  tell();
}

function tell(): void {
  if (document.visibilityState !== 'visible') return;
  for (const id of waiting) {
    waiting.delete(id);
    told.add(id);
    // Not worth a second try: without it the push goes out, and that is the safe side.
    fetchJSON(`/api/alerts/${encodeURIComponent(id)}/shown`, { method: 'POST' }).catch(() => undefined);
  }
}

if (typeof document !== 'undefined') document.addEventListener('visibilitychange', tell);

// The service worker, and new versions of the app: they wait until they are asked
// in, and never take over under a half-written note.

import { scriptURL } from './trusted';

let reloading = false;

/** Registers the worker. `waiting` is told when a new version waits; `stale` when
 *  another tab has let it in, so that the next screen is fetched as a whole page. */
export async function startShell(on: { waiting(): void; stale(): void; go(to: string): void }): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const first = !workers.controller;
  workers.addEventListener('controllerchange', () => {
    if (reloading) location.reload();
    else if (!first) on.stale();
  });
  workers.addEventListener('message', (e) => typeof e.data?.go === 'string' && on.go(e.data.go));
  const registration = await workers.register(scriptURL('/sw.js'), { updateViaCache: 'none' });
  const look = () => registration.waiting && workers.controller && on.waiting();
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  setInterval(() => document.visibilityState === 'visible' && registration.update().catch(() => undefined), 3_600_000);
}

/** Lets the waiting version in and starts it. */
export async function takeNewVersion(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.waiting) {
    location.reload();
    return;
  }
  reloading = true;
  registration.waiting.postMessage('take-over');
}

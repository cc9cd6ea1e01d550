// Asks the service worker to hand in what waits here when this page cannot: it is
// closed, locked, or let in no more. Browsers with Background Sync wake it when there is
// a network again, though no page is open; in all others it is told while one is, and a
// push wakes it. Nothing depends on it: the page itself sends as it always does.
import { effect } from '@preact/signals-core';
import type { Core } from './api';
import { handInTag } from './hand_in_names';

interface WithSync {
  sync?: { register(tag: string): Promise<void> };
}

async function ask(): Promise<void> {
  const registration = (await navigator.serviceWorker?.ready) as (ServiceWorkerRegistration & WithSync) | undefined;
  try {
    await registration!.sync!.register(handInTag);
  } catch {
    registration?.active?.postMessage(handInTag); // it is not there, or not allowed here
  }
}

/** Asks whenever something waits, and when nobody is in and there is a network again. */
export function watchBackground(core: Pick<Core, 'sync' | 'gate'>): void {
  const out = () => !['starting', 'in', 'handed'].includes(core.gate.peek().at);
  effect(() => void ((core.sync.value.unsent > 0 || core.gate.value.at === 'locked') && ask().catch(() => undefined)));
  addEventListener('online', () => out() && void ask().catch(() => undefined));
}

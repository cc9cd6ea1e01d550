// The service worker's events. It serves the shell, waits for a safe moment before
// it takes over (the page says when), shows pushes, and hands in sealed work that no page
// sends. It never answers for /api or /sync.
import { handInTag } from '../core/hand_in_names';
import { handInUnseen } from './hand_in';
import { files } from './list';
import { Courier } from './parcel';
import { showPush, target } from './push';
import { dropOldShells, runningWithdrawn, shellFile, shellPage, takeShell } from './strategies';

declare const self: ServiceWorkerGlobalScope;

const shell = new Set(files);

let rescuing = false; // the version before this one is broken

self.addEventListener('install', (e) => e.waitUntil(takeShell().then(rescue)));

/** A version that the server has withdrawn cannot be waited for: it may not even start. */
async function rescue(): Promise<void> {
  rescuing = await runningWithdrawn();
  if (rescuing) await self.skipWaiting();
}

self.addEventListener('activate', (e) => e.waitUntil(dropOldShells().then(() => self.clients.claim()).then(reload)));

/** Windows of a withdrawn version are loaded anew; what was typed is in the journal. */
async function reload(): Promise<void> {
  if (!rescuing) return;
  const windows = await self.clients.matchAll({ type: 'window' });
  // Not awaited: they are answered by this worker, once it is active.
  for (const w of windows) void w.navigate(w.url).catch(() => null);
}

const courier = new Courier();

self.addEventListener('message', (e) => {
  if (e.data === 'take-over') e.waitUntil(self.skipWaiting());
  else if (e.data === handInTag) e.waitUntil(handInUnseen().catch(() => undefined));
  else if (e.data?.hand) {
    e.ports[0]?.postMessage(courier.hand(e.data.hand));
    setTimeout(() => courier.forget(), 10_500);
  } else if (e.data?.take) e.ports[0]?.postMessage(courier.take(e.data.take));
});

self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/withdraw') || url.pathname === '/sync') return;
  if (e.request.mode === 'navigate') e.respondWith(shellPage(e.request));
  else if (shell.has(url.pathname)) e.respondWith(shellFile(e.request));
});

self.addEventListener('push', (e) => {
  const { title, options } = showPush(e.data?.text());
  e.waitUntil(Promise.all([self.registration.showNotification(title, options), handInUnseen().catch(() => undefined)]));
});

/** There is a network again; no page has to be open. When it fails, the browser asks once more. */
self.addEventListener('sync', ((e: ExtendableEvent & { tag: string }) => {
  if (e.tag === handInTag) e.waitUntil(handInUnseen());
}) as EventListener);

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  e.waitUntil(open(target(e.notification.data?.navigate, self.location.origin)));
});

/** Brings the app to the front at the place; a window that is open is used. */
async function open(place: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const found = windows.find((w) => w.visibilityState === 'visible') ?? windows[0];
  if (!found) {
    await self.clients.openWindow(place);
    return;
  }
  found.postMessage({ go: place }); // the app goes there itself: nothing half-written is lost
  await found.focus().catch(() => undefined);
}

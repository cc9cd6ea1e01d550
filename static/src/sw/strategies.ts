// One function per way of answering. Nothing of a case ever lies in these caches:
// they hold the shell alone. Looking makes none: on a phone that was wiped none comes back.
import { cacheName, files } from './list';

/** Takes the whole shell in, or none of it. */
export async function takeShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  const known = await caches.keys();
  await Promise.all(
    files.map(async (file) => {
      // A hashed file that an older shell has is the same file.
      const old = file.startsWith('/assets/') && known.length > 0 ? await caches.match(file) : undefined;
      const answer = old ?? (await fetch(file, { cache: 'no-cache', credentials: 'omit' }));
      if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
      await cache.put(file, answer);
    }),
  );
}

/** Whether the server has withdrawn a version of the app that this phone still runs. */
export async function runningWithdrawn(): Promise<boolean> {
  const running = (await caches.keys()).filter((n) => n.startsWith('shell-') && n !== cacheName);
  if (running.length === 0) return false;
  try {
    const answer = await fetch('/withdrawn.json', { cache: 'no-store', credentials: 'omit' });
    const withdrawn: unknown = answer.ok ? await answer.json() : [];
    return Array.isArray(withdrawn) && running.some((n) => withdrawn.includes(n.slice('shell-'.length)));
  } catch {
    return false;
  }
}

/** Throws the shells of older versions away. */
export async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith('shell-') && n !== cacheName).map((n) => caches.delete(n)));
}

/** A file of the shell, from this worker's own version of it; from the network when it has none. */
export async function shellFile(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true, cacheName })) ?? fetch(request);
}

/** Any path of the app is the one page. */
export async function shellPage(request: Request): Promise<Response> {
  return (await caches.match('/', { cacheName })) ?? fetch(request);
}

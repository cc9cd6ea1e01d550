// One function per way of answering. Nothing of a case ever lies in these caches:
// they hold the shell alone.
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

/** Throws the shells of older versions away. */
export async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith('shell-') && n !== cacheName).map((n) => caches.delete(n)));
}

/** A file of the shell, from this worker's own version of it; from the network when it has none. */
export async function shellFile(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** Any path of the app is the one page. */
export async function shellPage(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match('/')) ?? fetch(request);
}

const otherwise = { title: 'Bokvar', body: 'Du har något nytt i Bokvar.', navigate: '/inbox' };

/** Shows what a push says, always something: three silent ones end the subscription on iPhones. */
export function showPush(text: string | undefined): { title: string; options: NotificationOptions } {
  const said = readPush(text);
  return {
    title: said.title,
    options: { body: said.body, tag: said.tag, lang: 'sv', icon: '/icons/icon-192.png', badge: '/icons/badge-96.png', data: { navigate: said.navigate } },
  };
}

/** The declarative form: {"web_push":8030,"notification":{title, body, navigate, tag}}. */
function readPush(text: string | undefined): { title: string; body: string; navigate: string; tag?: string } {
  try {
    const given = JSON.parse(text ?? '').notification ?? {};
    const { title, body, navigate, tag } = { ...otherwise, ...given };
    return { title, body, navigate, tag };
  } catch {
    return otherwise;
  }
}

/** The path inside the app that a notification leads to; never another site. */
export function target(navigate: unknown, origin: string): string {
  try {
    const url = new URL(String(navigate), origin);
    return url.origin === origin ? url.pathname + url.search : '/inbox';
  } catch {
    return '/inbox';
  }
}

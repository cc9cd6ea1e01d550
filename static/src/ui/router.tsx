// The way between screens: the History API, forty lines of matching, lazy screens.
import { effect, signal } from '@preact/signals-core';
import type { ComponentType } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { loadTexts, type Area } from '../text';
import { matchPath } from './match';

export interface ScreenProps {
  params: Record<string, string>; // of the path: /visit/:id
  query: URLSearchParams;
}

export interface Route {
  path: string;
  areas: Area[]; // texts that must be there before the screen is drawn
  load: () => Promise<{ default: ComponentType<ScreenProps> }>;
}

interface Shown extends ScreenProps {
  Screen: ComponentType<ScreenProps>;
  at: string;
}

const here = () => location.pathname + location.search;
const path = signal(here());
let moved = false; // since the page was opened
let stale = false; // another tab let a new version in

/** From now on the next screen is fetched as a whole page, with the new version. */
export const turnStale = (): void => void (stale = true);

const shown = signal<Shown | null | 'missing' | 'failed'>(null);

/** The path that is shown, without the query. Reactive. */
export const currentPath = (): string => path.value.split('?')[0];

/** The path of the screen that is drawn: behind currentPath() while the next one is loading. Reactive. */
export const shownPath = (): string => (shown.value && typeof shown.value === 'object' ? shown.value.at.split('?')[0] : '');

/** Goes to another screen. Replacing leaves no trace in the history. */
export function go(to: string, how: { replace?: boolean } = {}): void {
  if (to === here()) return;
  if (stale) {
    location.assign(to);
    return;
  }
  moved = true;
  // An open sheet has an entry of its own in the history: the next screen takes its place.
  history[how.replace || history.state?.sheet ? 'replaceState' : 'pushState'](null, '', to);
  path.value = here();
  scrollTo(0, 0);
}

/** One step back; to the given screen when there is nothing behind. */
export function back(otherwise: string): void {
  if (moved) history.back();
  else go(otherwise, { replace: true });
}

/** Follows links and the back gesture, and keeps the screen of the path loaded. */
export function startRouter(routes: Route[]): void {
  addEventListener('popstate', () => (path.value = here()));
  document.addEventListener('click', follow);
  effect(() => {
    void show(routes, path.value);
  });
}

function follow(e: MouseEvent): void {
  const link = (e.target as Element).closest?.('a');
  if (!link || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  if (link.origin !== location.origin || link.target || link.hasAttribute('download') || link.getAttribute('href')?.startsWith('#')) return;
  if (link.pathname.startsWith('/api/')) return;
  e.preventDefault();
  go(link.pathname + link.search);
}

/** Fetches a part of the app, once more when it fails: a service worker that ends in
 *  the middle of an answer fails it, and the next one answers. */
export const fetched = <T,>(load: () => Promise<T>): Promise<T> => load().catch(() => new Promise((later) => setTimeout(later, 500)).then(load));

async function show(routes: Route[], at: string): Promise<void> {
  const url = new URL(at, location.origin);
  for (const route of routes) {
    const params = matchPath(route.path, url.pathname);
    if (!params) continue;
    try {
      const [module] = await fetched(() => Promise.all([route.load(), loadTexts(...route.areas)]));
      if (path.peek() === at) shown.value = { Screen: module.default, params, query: url.searchParams, at };
    } catch (e) {
      console.error(e);
      if (path.peek() === at) shown.value = 'failed';
    }
    return;
  }
  shown.value = 'missing';
}

/** Draws the screen of the path. The heading gets the focus when the screen changes. */
export function Outlet({ Missing, Failed }: { Missing: ComponentType; Failed: ComponentType }) {
  const now = shown.value;
  const at = typeof now === 'object' && now ? now.at : now;
  useLayoutEffect(() => {
    if (!at || !moved) return;
    const heading = document.querySelector<HTMLElement>('h1');
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }, [at]);
  if (now === null) return null;
  if (now === 'missing') return <Missing />;
  if (now === 'failed') return <Failed />;
  return <now.Screen key={now.at} params={now.params} query={now.query} />;
}

// The app around the screens: who may see which, and where people land.
import { effect, signal } from '@preact/signals-core';
import '@preact/signals';
import { render, type ComponentType } from 'preact';
import { core } from './core/current';
import { knowsSomebody } from './core/last';
import { routes } from './routes';
import { loadTexts, startLanguage } from './text';
import { startTheme } from './theme';
import { landing } from './ui/landing';
import { warmTimes } from './ui/time';
import { ErrorView, Fence, Missing } from './ui/error';
import { currentPath, fetched, go, Outlet, shownPath, startRouter } from './ui/router';

const ready = signal(false);

const lock = signal<ComponentType | null>(null); // fetched when it is needed

function App() {
  const Lock = lock.value;
  if (shut()) return Lock && <Lock />;
  if (!ready.value || core.session.value === undefined) return null;
  if (core.session.value === null && shownPath() !== '/in') return null; // on the way there
  return <Fence at={shownPath()}><Outlet Missing={Missing} Failed={ErrorView} /></Fence>;
}

const shut = () => core.gate.value.at === 'locked' || core.gate.value.at === 'barred';

/** Keeps the lock at hand while the vault is shut. */
async function fetchLock(): Promise<void> {
  try {
    const [area] = await fetched(() => Promise.all([import('./areas/lock'), loadTexts('gate', 'app')]));
    lock.value = area.Lock;
  } catch (e) {
    console.error(e);
    lock.value = ErrorView;
  }
}

/** Calls `work` once the lock is drawn, or when there is none to draw. */
function behindTheLock(work: () => void): void {
  const stop = effect(() => {
    const { at } = core.gate.value;
    if (at === 'starting' || (at === 'locked' && !lock.value)) return;
    queueMicrotask(() => stop());
    if (at !== 'locked') return work();
    requestAnimationFrame(() => setTimeout(work));
    setTimeout(warmTimes, 300);
  });
}

/** Draws the app over the core that was provided. */
export async function startApp(): Promise<void> {
  startTheme();
  await startLanguage();
  if (knowsSomebody()) void fetchLock(); // while the journal opens
  effect(() => {
    if (shut()) void fetchLock();
  });
  let landed = false;
  effect(() => {
    const session = core.session.value;
    if (session === undefined) return;
    const at = currentPath();
    if (session === null) {
      landed = false;
      if (at !== '/in') go('/in', { replace: true });
    } else if (!landed) {
      landed = true;
      if (at === '/' || (at === '/in' && !location.hash)) go(landing(session.person.role), { replace: true });
    }
    ready.value = true;
  });
  behindTheLock(() => {
    startRouter(routes); // fetches the screen that is next, while somebody unlocks
    void import('./core/later').then((m) => m.startReadings(shownPath));
  });
  render(<App />, document.getElementById('app')!);
}

// The app on a phone: the real core, the service worker, the screens.
import './base';
import { startApp } from './app';
import { RealCore } from './core/core';
import { provideCore } from './core/current';
import { startShell } from './core/shell';
import { go, turnStale } from './ui/router';

const core = new RealCore();
provideCore(core);
void core.start().then(() => import('./core/later')).then((later) => {
  later.watch(() => void core.lock(), () => core.gate.value.at !== 'in', () => core.limits.peek());
  later.watchBackground(core);
  core.begun.add(later.watchTyping(document));
});
void startApp(); // after the core, which waits for the disk
void startShell({ waiting: () => core.newVersion(), stale: () => (core.quiet() ? location.reload() : turnStale()), go }).catch(() => undefined); // without it the app works online

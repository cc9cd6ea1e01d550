// Notifications: how they stand, and asking for them by a tap. The subscription itself
// is fetched behind the first screen (push_subscription.ts).
import { signal } from '@preact/signals-core';
import { Problem, type Core } from './api';

/** iPhones give notifications to installed apps only. */
export function needsInstall(): boolean {
  const iOS = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1);
  return iOS && !matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches;
}

export class Push {
  readonly state = signal<Core['push']['state']['value']>('unknown');

  constructor(private key: () => string | undefined) {}

  async look(): Promise<void> {
    this.state.value = await (await import('./later')).pushState();
  }

  async enable(): Promise<void> {
    const key = this.key();
    if (!key) throw new Problem('signed_out');
    if ((await Notification.requestPermission()) !== 'granted') { // at once: a browser asks for a tap only
      await this.look();
      throw new Problem('push_denied');
    }
    await (await import('./later')).subscribe(key);
    this.state.value = 'on';
  }

  async disable(): Promise<void> {
    await (await import('./later')).unsubscribe();
    await this.look();
  }
}

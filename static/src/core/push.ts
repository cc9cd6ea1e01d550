// Notifications: asked for by a tap, subscribed with the server's key.
import { signal } from '@preact/signals-core';
import { Problem, type Core } from './api';
import { fetchJSON } from './http';

type State = Core['push']['state']['value'];

/** iPhones give notifications to installed apps only. */
export function needsInstall(): boolean {
  const iOS = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1);
  return iOS && !matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches;
}

export class Push {
  readonly state = signal<State>('unknown');

  constructor(private key: () => string | undefined) {}

  async look(): Promise<void> {
    this.state.value = await this.#find();
  }

  async #find(): Promise<State> {
    if (needsInstall()) return 'needs_install';
    if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported';
    if (Notification.permission === 'denied') return 'denied';
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription()) ? 'on' : 'off';
  }

  async enable(): Promise<void> {
    const key = this.key();
    if (!key) throw new Problem('signed_out');
    if ((await Notification.requestPermission()) !== 'granted') {
      await this.look();
      throw new Problem('push_denied');
    }
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => {
      throw new Problem('push_failed');
    });
    try {
      await fetchJSON('/api/push/subscriptions', { body: subscription.toJSON() });
    } catch (e) {
      await subscription.unsubscribe();
      throw e;
    }
    this.state.value = 'on';
  }

  async disable(): Promise<void> {
    const registration = await navigator.serviceWorker?.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    if (subscription) {
      await fetchJSON('/api/push/subscriptions', { method: 'DELETE', body: { endpoint: subscription.endpoint } });
      await subscription.unsubscribe();
    }
    await this.look();
  }
}

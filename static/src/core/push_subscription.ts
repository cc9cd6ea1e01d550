// The subscription to notifications, with the server's key.
import { Problem, type Core } from './api';
import { fetchJSON } from './http';
import { needsInstall } from './push';

/** How notifications stand on this phone. */
export async function pushState(): Promise<Core['push']['state']['value']> {
  if (needsInstall()) return 'needs_install';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ? 'on' : 'off';
}

/** Subscribes; permission has been given. Rejects with Problem push_failed, or the server's. */
export async function subscribe(key: string): Promise<void> {
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
}

/** Ends the subscription, at the server first. */
export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  if (subscription) {
    await fetchJSON('/api/push/subscriptions', { method: 'DELETE', body: { endpoint: subscription.endpoint } });
    await subscription.unsubscribe();
  }
}

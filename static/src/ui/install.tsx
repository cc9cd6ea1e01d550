// On the home screen the phone keeps what one writes; in a plain Safari tab it may not.
import { signal } from '@preact/signals-core';
import { t } from '../text';
import { Banner } from './parts';

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

const offered = signal<InstallPrompt | null>(null);
if (typeof window !== 'undefined') {
  addEventListener('beforeinstallprompt', (e) => {
    e.preventDefault(); // shown when somebody asks for it, on /more
    offered.value = e as InstallPrompt;
  });
  addEventListener('appinstalled', () => (offered.value = null));
}

export const installed = (): boolean =>
  matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches || (navigator as { standalone?: boolean }).standalone === true;

/** An iPad says it is a Mac; a Mac has no touch. */
export const isIOS = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1);

/** How to put the app on the home screen, where that is possible and not done. */
export function InstallHint() {
  const prompt = offered.value;
  if (installed() || !(prompt || isIOS())) return null;
  return (
    <Banner icon="mobile" title={t('more.install')}>
      <p>{t(prompt ? 'more.install_text' : 'more.install_ios')}</p>
      {prompt && <button class="link" type="button" onClick={() => void prompt.prompt()}>{t('more.install_button')}</button>}
    </Banner>
  );
}

// "Always light" is for work in the sun; otherwise the phone decides.
import { signal } from '@preact/signals-core';

const always = signal(false);

/** Whether "always light" is chosen. Reactive. */
export const alwaysLight = (): boolean => always.value;

export function startTheme(): void {
  setAlwaysLight(localStorage.getItem('theme') === 'light');
}

export function setAlwaysLight(on: boolean): void {
  always.value = on;
  if (on) localStorage.setItem('theme', 'light');
  else localStorage.removeItem('theme');
  if (on) document.documentElement.dataset.theme = 'light';
  else delete document.documentElement.dataset.theme;
}

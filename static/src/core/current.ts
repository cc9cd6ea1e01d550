// The one core of this page. main.tsx provides the real one; the dev page another.
import type { Core } from './api';

/** Screens import this. It is set before the first screen is drawn. */
export let core: Core;

export function provideCore(c: Core): void {
  core = c;
}

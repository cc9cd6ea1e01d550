// Households picked for planning, kept while one walks between the screens.
import { signal } from '@preact/signals-core';

export const picked = signal<ReadonlySet<string>>(new Set());

export const pick = (kase: string): void => { picked.value = new Set([...picked.value, kase]); };
export function toggle(kase: string): void {
  const next = new Set(picked.value);
  if (!next.delete(kase)) next.add(kase);
  picked.value = next;
}
export const pickOnly = (kases: string[]): void => { picked.value = new Set(kases); };

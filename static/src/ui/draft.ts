// A form whose values are a draft: sealed on this device while they are typed, and there
// again after the phone was locked or died.
import { useMemo } from 'preact/hooks';
import { core } from '../core/current';
import type { Step } from '../core/api';

export interface DraftForm<T> {
  values: T;
  set(change: Partial<T>): void;
  clear(): Promise<void>; // when it was sent, or given up
  step: Step | null;
}

/** `start` is what the form begins with; while it says just that nothing of it is kept. */
export function useDraft<T extends object>(key: string, start: () => T): DraftForm<T> {
  const draft = useMemo(() => core.draft(key), [key]);
  const begin = useMemo(start, [key]);
  const text = draft.text.value;
  const values = useMemo(() => formOf(text, begin), [text, begin]);
  const set = (change: Partial<T>) => draft.set(textOf({ ...formOf(draft.text.peek(), begin), ...change }, begin));
  return { values, set, clear: () => draft.clear(), step: draft.step.value };
}

/** A form that changes what is stored: only what was typed is kept, and lies over it. What
 *  was not touched follows what the server sends; a field that says what is stored is not kept. */
export function useEdit<T extends object>(key: string, stored: T): DraftForm<T> {
  const draft = useMemo(() => core.draft(key), [key]);
  const set = (change: Partial<T>) => draft.set(editOf({ ...formOf<Partial<T>>(draft.text.peek(), {}), ...change }, stored));
  return { values: formOf(draft.text.value, stored), set, clear: () => draft.clear(), step: draft.step.value };
}

/** What was typed, without what says the same as what is stored. */
export function editOf<T extends object>(typed: Partial<T>, stored: T): string {
  const changed = Object.entries(typed).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name as keyof T]));
  return changed.length > 0 ? JSON.stringify(Object.fromEntries(changed)) : '';
}

/** What was kept, over what the form begins with. */
export function formOf<T extends object>(text: string, begin: T): T {
  try {
    return { ...begin, ...(text ? JSON.parse(text) : {}) };
  } catch {
    return begin; // of another version of the app
  }
}

export function textOf<T extends object>(values: T, begin: T): string {
  const text = JSON.stringify(values);
  return text === JSON.stringify(begin) ? '' : text;
}

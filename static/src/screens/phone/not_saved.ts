// What could not be saved, or was begun about what is somebody else's now, is rare: its
// words and buttons are fetched when there is some.
import { core } from '../../ui';
import { useEffect } from 'preact/hooks';
import type { Item } from '../../core/api';
import { loadTexts } from '../../text';
import { later } from '../../ui/later';

const load = () => Promise.all([import('../../areas/refused'), loadTexts('refused')]).then(([m]) => m);

export const NotSaved = later(load, (m) => m.NotSaved, ({ items }) => items.length > 0);

/** What was begun and not saved when its visit or case went to somebody else. */
export const Left = later(load, (m) => m.Left, ({ name }) => core.draft(name).text.value !== '');

/** What the server turned down of what was written on a contact: it does not vanish from where it was written. */
export const refusedOf = (contact: string): Item[] =>
  core.items.value.filter((i) => i.step.step === 'refused' && i.changes.some((c) => c.record === contact || c.fields.contact === contact));

/** Keeps beside a half-written note what it is about, should that leave this phone. */
export function useAbout(name: string, writing: boolean, about: object): void {
  const text = writing ? JSON.stringify(about) : '';
  useEffect(() => core.draft(`about:${name}`).set(text), [name, text]);
}

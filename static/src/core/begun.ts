// What is typed on the screen and kept nowhere yet. No new version of the app is let in
// under it (core.begun).
type Field = HTMLInputElement;

/** Remembers the fields that are typed into, and says whether something stands in one
 *  that is still there. A search, or a choice that is made with a tap, is no work. */
export function watchTyping(on: EventTarget): () => boolean {
  const typed = new Set<Field>();
  on.addEventListener('input', ({ target }) => /^(search|radio|checkbox|select-one)$/.test((target as Field).type) || typed.add(target as Field));
  return () => {
    for (const field of typed) if (!field.isConnected || !field.value) typed.delete(field);
    return typed.size > 0;
  };
}

// Searching names and addresses. å, ä and ö are letters of their own.

/** Case does not matter; letters do: "Ake" does not find "Åke". */
export const fold = (text: string): string => text.normalize('NFC').toLocaleLowerCase('sv').replace(/\s+/g, ' ').trim();

/** Every word that was typed must be somewhere in the key (already folded). */
export function matches(key: string, typed: string): boolean {
  const words = fold(typed).split(' ');
  return words.every((word) => key.includes(word));
}

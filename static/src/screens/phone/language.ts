// Names of languages: "ar" is "arabiska".
import { lang } from '../../ui';

const kept = new Map<string, Intl.DisplayNames>();

function names(): Intl.DisplayNames {
  const own = lang();
  let found = kept.get(own);
  if (!found) kept.set(own, (found = new Intl.DisplayNames([own], { type: 'language' })));
  return found;
}
if (typeof document !== 'undefined') setTimeout(() => languageName('sv')); // slow the first time: while the lock is shown

export function languageName(code: string): string {
  try {
    return names().of(code) ?? code;
  } catch {
    return code; // not a language code: show what was written
  }
}

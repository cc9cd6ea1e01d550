// Names of languages: "ar" is "arabiska".
import { lang } from '../../ui';

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([lang()], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // not a language code: show what was written
  }
}

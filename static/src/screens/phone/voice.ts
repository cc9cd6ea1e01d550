// Which voice reads a language aloud. Pure.

interface Voice {
  lang: string;
  localService: boolean;
  default?: boolean;
}

/** What voices call our languages: easy Swedish is read by a Swedish voice, Dari by a Persian one. */
const called: Record<string, string[]> = { 'sv-simple': ['sv'], prs: ['prs', 'fa'] };

/** A voice on the phone itself for the language. One that sends the text away is none. */
export function pickVoice<V extends Voice>(voices: V[], language: string): V | undefined {
  for (const name of called[language] ?? [language]) {
    const fit = voices.filter((v) => v.localService && v.lang.toLowerCase().split(/[-_]/)[0] === name);
    const found = fit.find((v) => v.default) ?? fit[0];
    if (found) return found;
  }
  return undefined;
}

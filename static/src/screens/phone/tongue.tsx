// The tenant's own language beside the Swedish text, which is what is signed. A
// language is fetched when it is chosen; the service worker has them all offline.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type swedish from '../../../../internal/casework/tongues/sv.json';
import type { OfferedTongue, TranslationShown } from '../../schema.gen';
import { TONGUES, type Tongue } from '../../tongues.gen';
import { agreement } from './parts';

/** What the app has of a language: all but the tenant's own page, which is the server's, and
 *  of that what the printed copy says as well (bundle/tongues.go). */
export type Words = Omit<typeof swedish, 'page'> & { page: Pick<typeof swedish.page, 'agreed' | 'talks' | 'title' | 'code' | 'call'> };
type DoorWord = keyof Words['door'];

const sources: Record<string, () => Promise<{ default: Words }>> = {
  'sv': () => import('../../../../internal/casework/tongues/sv.json'),
  'sv-simple': () => import('../../../../internal/casework/tongues/sv-simple.json'),
  'en': () => import('../../../../internal/casework/tongues/en.json'),
  'ar': () => import('../../../../internal/casework/tongues/ar.json'),
  'so': () => import('../../../../internal/casework/tongues/so.json'),
  'uk': () => import('../../../../internal/casework/tongues/uk.json'),
  'fi': () => import('../../../../internal/casework/tongues/fi.json'),
  'prs': () => import('../../../../internal/casework/tongues/prs.json'),
  'ti': () => import('../../../../internal/casework/tongues/ti.json'),
};

export const loadWords = async (language: string): Promise<Words> => (await sources[language]()).default;
export const tongueOf = (language: string): Tongue | undefined => TONGUES.find((t) => t.language === language);

/** The translations that social services have switched on, in their order. */
export function offered(): Tongue[] {
  const on = (agreement()?.f.languages ?? []) as OfferedTongue[];
  return TONGUES.filter((t) => on.some((o) => o.language === t.language));
}

/** Whether somebody with the right has read these very words and stands for them. */
export const isReviewed = (t: Tongue): boolean =>
  ((agreement()?.f.languages ?? []) as OfferedTongue[]).some((o) => o.language === t.language && o.reviewed === t.hash);

/** The language of the household, where it is offered. Dari is told as prs or fa-AF. */
export function ownTongue(language: string | undefined): string {
  const code = language === 'fa-AF' ? 'prs' : language ?? '';
  return offered().find((t) => t.language === code || t.language === code.split('-')[0])?.language ?? '';
}

/** Names set apart, so that Swedish ones do not turn a sentence from right to left around. */
export function fillWords(text: string, values: Record<string, string>, dir: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (values[name] === undefined ? whole : dir === 'rtl' ? `\u2068${values[name]}\u2069` : values[name]));
}

/** The words of the agreement are the common ones: only those have translations. */
export function isTranslated(swedishWords: Words): boolean {
  const { wording, social_name: social, unit_name: unit, unit_phone: phone } = agreement()!.f;
  const common = (['title', 'body', 'withdraw'] as const).map((part) => fillWords(swedishWords.wording[part], { social, unit, phone }, 'ltr'));
  return common[0] === wording.title && common[1] === wording.body && common[2] === wording.withdraw;
}

/** What the tenant reads beside the Swedish text; null while there is none. */
export interface Beside {
  tongue: Tongue;
  words: Words;
  reviewed: boolean;
}

export const shownAs = (b: Beside): TranslationShown => ({ language: b.tongue.language, hash: b.tongue.hash, reviewed: b.reviewed });

/** Fetches the words of the language that was chosen. */
export function useBeside(language: string): Beside | null {
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let left = false;
    setWords(null);
    if (language && tongueOf(language)) {
      Promise.all([loadWords(language), loadWords('sv')]).then(([w, sv]) => { if (!left && isTranslated(sv)) setWords(w); }, () => undefined);
    }
    return () => { left = true; };
  }, [language]);
  const tongue = tongueOf(language);
  return tongue && words?.language === language ? { tongue, words, reviewed: isReviewed(tongue) } : null;
}

/** A piece of text in the tenant's language, marked as such. */
export function Other({ beside, children, block }: { beside: Beside; children: ComponentChildren; block?: boolean }) {
  const { language, dir } = beside.tongue;
  return block ? <div class="stack tight other" lang={language} dir={dir}>{children}</div> : <span class="other" lang={language} dir={dir}>{children}</span>;
}

/** Swedish, and below it the same in the other language. */
export function Both({ beside, word, children }: { beside: Beside | null; word: DoorWord; children: ComponentChildren }) {
  return <>{children}{beside && <Other beside={beside}>{beside.words.door[word]}</Other>}</>;
}

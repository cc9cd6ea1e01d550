// Everything a person reads comes from here: one dictionary per area and language.
// Swedish is the source of the keys; English is typed by it. An area is loaded
// with the first screen that needs it. In a text `{name}` stands for a value.
import { signal } from '@preact/signals-core';
import common from './common.sv';

export type Language = 'sv' | 'en';
export type Area = 'common' | 'app' | 'phone' | 'visit' | 'consent' | 'desk' | 'case' | 'import' | 'wall' | 'organisation' | 'gate' | 'account' | 'planning' | 'inbox' | 'keep' | 'protected' | 'refused';

export type Texts = typeof common &
  typeof import('./app.sv').default &
  typeof import('./phone.sv').default &
  typeof import('./visit.sv').default &
  typeof import('./consent.sv').default &
  typeof import('./desk.sv').default &
  typeof import('./case.sv').default &
  typeof import('./import.sv').default &
  typeof import('./wall.sv').default &
  typeof import('./organisation.sv').default &
  typeof import('./gate.sv').default &
  typeof import('./account.sv').default &
  typeof import('./planning.sv').default &
  typeof import('./inbox.sv').default &
  typeof import('./keep.sv').default &
  typeof import('./protected.sv').default &
  typeof import('./refused.sv').default;
export type Key = keyof Texts & string;
/** Keys that exist as `x.one` and `x.other`. */
export type CountedKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;
export type Values = Record<string, string | number>;

type Dictionary = Record<string, string>;
type Load = () => Promise<{ default: Dictionary | readonly string[] }>;

const sources: Record<Area, Record<Language, Load>> = {
  keep: { sv: () => import('./keep.sv'), en: () => import('./keep.en') },
  common: { sv: async () => ({ default: common }), en: () => import('./common.en') },
  app: { sv: () => import('./app.sv'), en: () => import('./app.en') },
  phone: { sv: () => import('./phone.sv'), en: () => import('./phone.en') },
  visit: { sv: () => import('./visit.sv'), en: () => import('./visit.en') },
  consent: { sv: () => import('./consent.sv'), en: () => import('./consent.en') },
  case: { sv: () => import('./case.sv'), en: () => import('./case.en') },
  desk: { sv: () => import('./desk.sv'), en: () => import('./desk.en') },
  import: { sv: () => import('./import.sv'), en: () => import('./import.en') },
  wall: { sv: () => import('./wall.sv'), en: () => import('./wall.en') },
  organisation: { sv: () => import('./organisation.sv'), en: () => import('./organisation.en') },
  gate: { sv: () => import('./gate.sv'), en: () => import('./gate.en') },
  account: { sv: () => import('./account.sv'), en: () => import('./account.en') },
  planning: { sv: () => import('./planning.sv'), en: () => import('./planning.en') },
  inbox: { sv: () => import('./inbox.sv'), en: () => import('./inbox.en') },
  protected: { sv: () => import('./protected.sv'), en: () => import('./protected.en') },
  refused: { sv: () => import('./refused.sv'), en: () => import('./refused.en') },
};

const language = signal<Language>('sv');
const known: Record<Language, Dictionary> = { sv: { ...common }, en: {} };
const loaded = new Set<string>();
const wanted = new Set<Area>(['common']);

/** The language that is shown. Reactive. */
export const lang = (): Language => language.value;

/** Fetches an area's texts in the language that is shown. */
export async function loadTexts(...areas: Area[]): Promise<void> {
  await Promise.all(areas.map((area) => loadArea(area, language.peek())));
}

async function loadArea(area: Area, to: Language): Promise<void> {
  wanted.add(area);
  if (loaded.has(`${area}.${to}`)) return;
  const [texts, keys] = (await Promise.all([sources[area][to](), sources[area].sv()])).map((m) => m.default);
  Object.assign(known.sv, keys); // in any language they say which codes have words (has)
  // The bundler leaves the keys out of the English texts (bundle/english.go).
  Object.assign(known[to], Array.isArray(texts) ? Object.fromEntries(Object.keys(keys).map((key, i) => [key, texts[i]])) : texts);
  loaded.add(`${area}.${to}`);
}

/** Shows another language, once all texts in use are there, and remembers it. */
export async function setLanguage(to: Language): Promise<void> {
  await Promise.all([...wanted].map((area) => loadArea(area, to)));
  language.value = to;
  document.documentElement.lang = to;
  localStorage.setItem('language', to); // a choice, not a secret
}

/** The language chosen earlier; Swedish until somebody chooses. */
export async function startLanguage(): Promise<void> {
  if (localStorage.getItem('language') === 'en') await setLanguage('en');
}

const find = (key: string): string => known[language.value][key] ?? known.sv[key] ?? key;

/** The text of a key, with its values filled in. Reactive. */
export function t(key: Key, values?: Values): string {
  return fill(find(key), values);
}

/** The text for a count: `key.one` or `key.other`, with `{n}` filled in. */
export function n(key: CountedKey, count: number, values?: Values): string {
  return fill(find(`${key}.${count === 1 ? 'one' : 'other'}`), { n: number(count), ...values });
}

/** Whether the dictionary has the key: for codes that come from the server. */
export const has = (key: string): key is Key => key in known.sv;

/** The text in pieces, so that values may be elements: ['Sparat ', <time>…</time>]. */
export function pieces<V>(key: Key, values: Record<string, V>): (string | V)[] {
  return find(key)
    .split(/\{(\w+)\}/)
    .map((part, i) => (i % 2 ? values[part] ?? '' : part));
}

const fill = (text: string, values: Values = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** "8 214" */
export const number = (value: number): string =>
  new Intl.NumberFormat(language.value === 'sv' ? 'sv-SE' : 'en-GB').format(value);

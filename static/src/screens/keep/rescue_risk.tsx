// What can become impossible to open, said before it does.
import { Banner, lang, t } from '../../ui';
import { nameOf } from './parts';
import type { View } from './rescue_keys';

const join = (words: (string | number)[]): string => new Intl.ListFormat(lang()).format(words.map(String));

/** Some who hold have no half of a key that two others could put together. */
export const lacks = (view: View): boolean => view.keys.some((k) => k.reach === '' && k.missing.length > 0);

/** Keys that open only while certain people are there are told together, with all of these. */
export function Risk({ view }: { view: View }) {
  const hanging = view.keys.filter((k) => k.hangs.length > 0);
  const names = join([...new Set(hanging.flatMap((k) => k.hangs))].map((id) => nameOf(id)));
  const what = hanging.some((k) => k.reach === 'old') ? 'rescue.risk_paper' : view.holders.length < 3 ? 'rescue.risk_third' : 'rescue.risk_share';
  return (
    <>
      {view.keys.at(-1)?.reach === 'never' && <Banner icon="alert" kind="soon">{t('rescue.risk_dead')}</Banner>}
      {names && <Banner icon="alert" kind="soon">{t('rescue.risk', { keys: join(hanging.map((k) => k.number)), names })} {t(what)}</Banner>}
    </>
  );
}

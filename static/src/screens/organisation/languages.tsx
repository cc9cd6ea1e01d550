// Which languages stand beside the Swedish text of a consent. Each is off until it is
// switched on here, and called not reviewed until somebody stands for it.
import { core, Icon, t } from '../desk/env';
import { Trouble, useCommit } from '../desk/parts';
import { nameOf } from '../phone/contacts';
import type { Reviewed } from '../../schema.gen';
import { TONGUES, type Tongue } from '../../tongues.gen';
import { decides } from './may';

export const translationOf = (language: string) => core.get('translation', `translation-${language}`);

/** Who stands for these very words; null when nobody does, or they have changed since. */
export function reviewOf(tongue: Tongue): Reviewed | null {
  const review = translationOf(tongue.language)?.f.review as Reviewed | null | undefined;
  return review?.hash === tongue.hash ? review : null;
}

/** "Granskad av Karin Öst", or that it is not. */
export function reviewedText(tongue: Tongue): string {
  const review = reviewOf(tongue);
  return review ? t('org.language.reviewed', { name: nameOf(review.by) }) : t('org.language.unreviewed');
}

export function Languages() {
  return (
    <section class="stack" aria-labelledby="languages">
      <h2 id="languages">{t('org.languages')}</h2>
      <p>{t('org.languages.text')}</p>
      <ul class="card is-flush rows">{TONGUES.slice(1).map((tongue) => <OneLanguage key={tongue.language} tongue={tongue} />)}</ul>
    </section>
  );
}

function OneLanguage({ tongue }: { tongue: Tongue }) {
  const on = translationOf(tongue.language)?.f.on === true;
  const { problem, busy, write } = useCommit();
  const turn = (to: boolean) => {
    if (!busy) void write([{ kind: 'translation', record: `translation-${tongue.language}`, fields: { ...(translationOf(tongue.language) ? {} : { language: tongue.language }), on: to } }]);
  };
  const name = <><span lang={tongue.language} dir={tongue.dir}>{tongue.name}</span><small>{reviewedText(tongue)}</small></>;
  return (
    <li class="row-text stack tight">
      {decides()
        ? <label class="tick flat"><input type="checkbox" checked={on} onChange={(e) => turn(e.currentTarget.checked)} /><span>{name}</span></label>
        : <p>{name} {t(on ? 'org.language.on' : 'org.language.off')}</p>}
      <Trouble problem={problem} />
      <a class="link" href={`/organisation/language/${tongue.language}`}><Icon name="file" small />{t('org.language.read', { name: tongue.name })}</a>
    </li>
  );
}

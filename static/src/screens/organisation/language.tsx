// One translation from beginning to end, beside the Swedish; and the button of whoever
// stands for it.
import { useEffect, useState } from 'preact/hooks';
import { Gone, Icon, me, now, t } from '../desk/env';
import { Page } from '../desk/page';
import { Sees, Trouble, useCommit, When } from '../desk/parts';
import { loadWords, tongueOf, type Words } from '../phone/tongue';
import type { Tongue } from '../../tongues.gen';
import type { ScreenProps } from '../../ui/router';
import { reviewedText, reviewOf, translationOf } from './languages';
import { reviews } from './may';

export default function Language({ params: { code } }: ScreenProps) {
  const tongue = tongueOf(code);
  const [words, setWords] = useState<{ sv: Words; other: Words } | null>(null);
  useEffect(() => {
    if (tongue) void Promise.all([loadWords('sv'), loadWords(tongue.language)]).then(([sv, other]) => setWords({ sv, other }));
  }, [code]);
  const back = { href: '/organisation', text: t('org.title') };
  if (!tongue) return <Page at="/more" title={t('org.languages')} back={back}><h1 class="sr">{t('org.languages')}</h1><Gone /></Page>;
  const review = reviewOf(tongue);
  return (
    <Page at="/more" title={t('org.languages')} back={back}>
      <div class="stack tight">
        <h1><span lang={tongue.language} dir={tongue.dir}>{tongue.name}</span></h1>
        <p class="soft">{reviewedText(tongue)} {review && <When at={review.at} />}</p>
      </div>
      {words && <Texts tongue={tongue} sv={words.sv} other={words.other} />}
      {words && reviews() && !review && <Review tongue={tongue} />}
    </Page>
  );
}

/** All its texts, the important ones first. */
function Texts({ tongue, sv, other }: { tongue: Tongue; sv: Words; other: Words }) {
  return (
    <>
      {(['wording', 'partners', 'door', 'page'] as const).map((part) => (
        <section key={part} class="stack" aria-labelledby={`part-${part}`}>
          <h2 id={`part-${part}`}>{t(`org.language.${part}`)}</h2>
          <ul class="card is-flush rows">
            {Object.entries(sv[part]).map(([name, text]) => (
              <li key={name} class="row-text tongues">
                <p class="lines" lang="sv">{text}</p>
                <p class="lines" lang={tongue.language} dir={tongue.dir}>{(other[part] as Record<string, string>)[name]}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Review({ tongue }: { tongue: Tongue }) {
  const { problem, busy, write } = useCommit();
  const stand = () => {
    const fields = { ...(translationOf(tongue.language) ? {} : { language: tongue.language }), review: { by: me(), at: now(), hash: tongue.hash } };
    return write([{ kind: 'translation', record: `translation-${tongue.language}`, fields }]);
  };
  return (
    <form class="card stack" aria-labelledby="review" onSubmit={(e) => { e.preventDefault(); if (!busy) void stand(); }}>
      <h2 id="review">{t('org.language.review')}</h2>
      <p>{t('org.language.review_text')}</p>
      <Sees>{t('org.language.sees')}</Sees>
      <Trouble problem={problem} />
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}><Icon name="check" />{t('org.language.stand')}</button></div>
    </form>
  );
}

// One translation from beginning to end, beside the Swedish; and the button of whoever
// stands for it.
import { useEffect, useState } from 'preact/hooks';
import { problemText } from '../../ui';
import { core, Gone, Icon, me, now, t } from '../desk/env';
import { Page } from '../desk/page';
import { Sees, Trouble, useCommit, When, Wrong } from '../desk/parts';
import { loadWords, tongueOf, type Words } from '../phone/tongue';
import type { Tongue } from '../../tongues.gen';
import type { ScreenProps } from '../../ui/router';
import { reviewedText, reviewOf, translationOf } from './languages';
import { reviews } from './may';

export default function Language({ params: { code } }: ScreenProps) {
  const tongue = tongueOf(code);
  const [words, setWords] = useState<{ sv: Whole; other: Whole } | null>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    if (tongue) void Promise.all([whole('sv'), whole(tongue.language)]).then(([sv, other]) => setWords({ sv, other }), (e) => setWrong(problemText(e)));
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
      {wrong && <Wrong text={wrong} />}
      {words && <Texts tongue={tongue} sv={words.sv} other={words.other} />}
      {words && reviews() && !review && <Review tongue={tongue} />}
    </Page>
  );
}

type Whole = Omit<Words, 'page'> & { page: Record<string, string> };

/** With the words of the tenant's own page, which the server has. */
async function whole(language: string): Promise<Whole> {
  const [words, { page }] = await Promise.all([loadWords(language), core.fetchJSON<{ page: Whole['page'] }>(`/api/tongues/${language}`)]);
  return { ...words, page };
}

/** All its texts, the important ones first. */
function Texts({ tongue, sv, other }: { tongue: Tongue; sv: Whole; other: Whole }) {
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
      <Sees row="translation">{t('org.language.sees')}</Sees>
      <Trouble problem={problem} />
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}><Icon name="check" />{t('org.language.stand')}</button></div>
    </form>
  );
}

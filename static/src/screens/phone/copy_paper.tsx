// The tenant's copy on paper: one page for each who signed, Swedish beside the language
// that was read. The codes are in this page's memory alone, so it is printed now or never.
import { useEffect, useState } from 'preact/hooks';
import { Icon, t } from '../../ui';
import { paragraphs } from './consent_parts';
import { copyAddress, showCode } from './copy';
import { useOnPaper } from './on_paper';
import { agreement } from './parts';
import { Qr } from './qr';
import { fillWords, loadWords, type Beside, type Words } from './tongue';

/** One signer's own way to withdraw. */
export interface Own {
  name: string;
  code: string; // to type
  secret: string; // to scan
}

/** What was agreed, as far as the paper tells it. */
export interface Agreed {
  day: string; // "2026-11-24"
  place: string;
  partners: string[]; // ids
  named: Record<string, string>; // whom some of them mean
}

interface Props {
  copies: Own[];
  agreed: Agreed;
  beside: Beside | null;
}

export function CopyPaper({ copies, agreed, beside }: Props) {
  const [swedish, setSwedish] = useState<Words | null>(null);
  useEffect(() => void loadWords('sv').then(setSwedish, () => undefined), []);
  useOnPaper('paper-copy', t('consent.paper.label'), () => swedish && copies.map((own) => <Page key={own.code} own={own} agreed={agreed} swedish={swedish} beside={beside} />), [swedish, copies, beside]);
  return (
    <section class="stack tight">
      <p class="small soft">{t('consent.paper.text')}</p>
      <button class="btn" type="button" disabled={!swedish} onClick={() => print()}><Icon name="print" />{t('consent.paper.print')}</button>
    </section>
  );
}

function Page({ own, agreed, swedish, beside }: { own: Own; agreed: Agreed; swedish: Words; beside: Beside | null }) {
  const { unit_phone: phone, social_name: social, unit_name: unit, wording } = agreement()!.f;
  const names = { social, unit, phone } as Record<string, string>;
  const where = `${location.host}/withdraw`;
  /** The same piece of text in each of the languages, side by side. */
  const each = (show: (words: Words, fill: (text: string) => string) => preact.ComponentChildren) => (
    <div class="two">
      {[{ words: swedish, language: 'sv', dir: 'ltr' as const }, ...(beside ? [{ words: beside.words, ...beside.tongue }] : [])].map(({ words, language, dir }) => (
        <div key={language} lang={language} dir={dir}>{show(words, (text) => fillWords(text, { ...names, day: agreed.day, where }, dir))}</div>
      ))}
    </div>
  );
  return (
    <article>
      <p>{[own.name, agreed.place, agreed.day].filter(Boolean).join(', ')}</p>
      {each((w, fill) => (
        <>
          <h2>{w.page.agreed}</h2>
          <p>{fill(w.page.talks)}</p>
          <ul>{agreed.partners.map((p) => <li key={p}>{w.partners[p as 'landlord']}{agreed.named[p] && <>: <bdi>{agreed.named[p]}</bdi></>}</li>)}</ul>
        </>
      ))}
      {each((w, fill) => (
        <>
          <h2>{w.page.title}</h2>
          {paragraphs(w === swedish ? wording.withdraw : fill(w.wording.withdraw))}
        </>
      ))}
      <div class="key">
        <Qr text={copyAddress(location.origin, own.secret, beside?.tongue.language)} label={t('consent.code.scan')} />
        <div>
          {each((w) => <p>{w.page.code}</p>)}
          <p class="code">{showCode(own.code)}</p>
          <p><b>{where}</b></p>
          {each((w, fill) => <p>{fill(w.page.call)}</p>)}
          <p><b>{phone}</b></p>
        </div>
      </div>
      <footer>
        {each((w, fill) => (
          <>
            <h3>{w === swedish ? wording.title : fill(w.wording.title)}</h3>
            {paragraphs(w === swedish ? wording.body : fill(w.wording.body))}
            {w !== swedish && <p>{w.door.applies}{!beside!.reviewed && ` ${w.door.unreviewed}`}</p>}
          </>
        ))}
      </footer>
    </article>
  );
}

// What a file holds and who has read it, as text that can be printed and handed to
// the person it is about. That it was made stands in the log. Of a protected identity
// it is made for somebody who says why, and is on the screen for a few minutes.
import { useEffect, useState } from 'preact/hooks';
import { Banner, clock, core, Icon, now, Problem, t, type ScreenProps } from '../../ui';
import { Ask, shownFor, useGone, wordsOf } from '../protected/ask';
import { Frame } from './parts';

export default function Extract({ params: { root } }: ScreenProps) {
  const path = `/api/extract/${encodeURIComponent(root)}`;
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState('');
  const [asks, setAsks] = useState(false); // it is protected
  const [until, setUntil] = useState(0);
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    core.fetchJSON<{ text: string }>(path).then((a) => setText(a.text), (e) => (e instanceof Problem && e.code === 'reason_needed' ? setAsks(true) : setWrong(wordsOf(e, t('extract.offline')))));
  }, [path]);
  useGone(until, () => {
    setText('');
    setUntil(0);
    setHidden(true);
  });
  const fetchIt = async (reason: string) => {
    setText((await core.fetchJSON<{ text: string }>(path, { body: { reason } })).text);
    setUntil(now() + shownFor);
  };
  return (
    <Frame title={t('extract.title')} intro={t('extract.intro')} wrong={wrong} loading={!text && !asks}>
      {text ? (
        <section class="stack">
          <div class="no-print"><button class="btn is-primary" type="button" onClick={() => print()}><Icon name="print" small />{t('extract.print')}</button></div>
          {until > 0 && <div class="no-print"><Banner icon="clock">{t('protected.until', { time: clock(until) })}</Banner></div>}
          <Written text={text} />
        </section>
      ) : <Ask intro={t('extract.protected')} hint={t('extract.why_hint')} button={t('extract.with_reason')} hidden={hidden} fetch={fetchIt} />}
    </Frame>
  );
}

/** The text with its headings as headings: a line of its own, with lines below it that are set in. */
function Written({ text }: { text: string }) {
  const [top, ...parts] = text.trim().split(/\n\n(?=\S[^\n]*\n {2})/);
  return (
    <div class="card written extract stack" lang="sv">
      <p>{top}</p>
      {parts.map((part, i) => {
        const [heading] = part.split('\n', 1);
        return (
          <section key={i} class="stack tight">
            <h2>{heading}</h2>
            <p>{part.slice(heading.length + 1).replace(/^ {2}/gm, '')}</p>
          </section>
        );
      })}
    </div>
  );
}

// What a file holds and who has read it, as text that can be printed and handed to
// the person it is about. That it was made stands in the log.
import { Icon, t, type ScreenProps } from '../../ui';
import { Frame, useAnswer } from './parts';

export default function Extract({ params: { root } }: ScreenProps) {
  const { answer, wrong } = useAnswer<{ text: string }>(`/api/extract/${encodeURIComponent(root)}`);
  return (
    <Frame title={t('extract.title')} intro={t('extract.intro')} wrong={wrong} loading={!answer}>
      {answer && (
        <section class="stack">
          <div class="no-print"><button class="btn is-primary" type="button" onClick={() => print()}><Icon name="print" small />{t('extract.print')}</button></div>
          <pre class="card written extract" lang="sv">{answer.text}</pre>
        </section>
      )}
    </Frame>
  );
}

// The tray: everything that this phone wrote and that is not settled, with how far
// it has come, why it stopped, and what one can do.
import { useState } from 'preact/hooks';
import { Banner, clock, core, Crumb, Empty, has, Item, problemText, reasonText, Screen, StepLine, SyncBadge, t, Time, type Step } from '../ui';
import { pieces } from '../text';

const groups: { title: 'tray.refused' | 'tray.held' | 'tray.waiting' | 'tray.saved'; steps: Step['step'][] }[] = [
  { title: 'tray.refused', steps: ['refused', 'lost'] },
  { title: 'tray.waiting', steps: ['writing', 'phone', 'sent'] },
  { title: 'tray.held', steps: ['held'] },
  { title: 'tray.saved', steps: ['saved'] },
];
const savedShown = 20;

export default function Tray() {
  const items = core.items.value;
  const sync = core.sync.value;
  return (
    <Screen title={t('tray.title')} top={<Crumb to="/more" quiet>{t('nav.more')}</Crumb>}>
      <div class="stack tight"><h1>{t('tray.title')}</h1><SyncBadge /></div>
      <Net />
      {items.length === 0 && <Empty icon="check" title={t('tray.empty')}><p>{t('tray.empty_text')}</p></Empty>}
      {groups.map(({ title, steps }) => {
        const these = items.filter((i) => steps.includes(i.step.step)).reverse();
        if (these.length === 0) return null;
        return (
          <section key={title} class="stack">
            <h2>{t(title)}</h2>
            {(title === 'tray.saved' ? these.slice(0, savedShown) : these).map((i) => <Card key={i.commit} item={i} />)}
          </section>
        );
      })}
      {sync.unsent > 0 && <button class="btn is-block" type="button" onClick={() => core.syncNow()}>{t('tray.send')}</button>}
    </Screen>
  );
}

function Net() {
  const { storage, phase, retryAt, again } = core.sync.value;
  if (storage.full) return <Banner icon="mobile" kind="soon" title={t('tray.full')}>{t('problem.phone_full')}</Banner>;
  if (again) return <Banner icon="sync" kind="soon" live>{reasonText(again)}</Banner>;
  if (phase === 'live' || phase === 'fetching' || phase === 'signed_out') return null;
  if (retryAt && navigator.onLine) return <Banner icon="sync">{pieces<any>('tray.retry_at', { time: <Time at={retryAt} as={clock} /> })}</Banner>;
  return <Banner icon="offline">{t('tray.offline')}</Banner>;
}

function Card({ item }: { item: Item }) {
  const [wrong, setWrong] = useState('');
  const [copied, setCopied] = useState(false);
  const step = item.step.step;
  const text = textOf(item);
  const attempt = (f: () => Promise<unknown>) => f().then(() => setWrong(''), (e) => setWrong(problemText(e)));
  return (
    <article class="card stack" data-commit={item.commit}>
      <div class="stack tight">
        <h3>{titleOf(item)}</h3>
        <StepLine step={item.step} />
      </div>
      {text && <blockquote class="soft">”{text}”</blockquote>}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {(step === 'refused' || step === 'phone') && (
        <div class="pair">
          {step === 'refused' && <button class="btn is-small" type="button" onClick={() => attempt(() => core.retry(item.commit))}>{t('tray.retry')}</button>}
          {step === 'refused' && text && (
            <button class="btn is-small" type="button" onClick={() => attempt(() => navigator.clipboard.writeText(text).then(() => setCopied(true)))}>{t('tray.copy')}</button>
          )}
          {step === 'phone' && <button class="btn is-small" type="button" onClick={() => core.undo(item.commit).then((done) => done || setWrong(t('tray.too_late')), (e) => setWrong(problemText(e)))}>{t('tray.undo')}</button>}
        </div>
      )}
      {copied && <p class="small" role="status">{t('tray.copied')}</p>}
    </article>
  );
}

function titleOf(item: Item): string {
  const kinds = [...new Set(item.changes.map((c) => c.kind))];
  const words = kinds.map((k) => `kind.${k}`).filter(has).map((k) => t(k as 'kind.other'));
  return words.join(', ') || t('kind.other');
}

/** What was written in words, so that it can be read and saved from loss. */
function textOf(item: Item): string {
  const words = item.changes.map((c) => c.fields.text).filter((v): v is string => typeof v === 'string');
  return words.join('\n');
}

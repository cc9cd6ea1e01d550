// The tray: everything that this phone wrote and that is not settled, with how far
// it has come, why it stopped, and what one can do.
import { useState } from 'preact/hooks';
import { Banner, clock, core, Crumb, Empty, has, Icon, Item, number, problemText, reasonText, Screen, StepLine, SyncBadge, t, Time, type Step } from '../ui';
import { pieces } from '../text';
import { Copy, HandOver, NotSaved, placeFor, Words } from './refused/not_saved';
import { wordsOf } from './refused/words_of';
import { Left, leftBehind } from './refused/left';
import { PutAway } from './refused/put_away';
import { TakeIn, TakeOut } from './takeout';

const groups: { title: 'tray.held' | 'tray.waiting' | 'tray.saved'; steps: Step['step'][] }[] = [
  { title: 'tray.waiting', steps: ['writing', 'phone', 'sent'] },
  { title: 'tray.held', steps: ['held'] },
  { title: 'tray.saved', steps: ['saved'] },
];
const savedShown = 20;

export default function Tray() {
  const items = core.items.value;
  const { unsent } = core.sync.value;
  const refused = items.filter((i) => i.step.step === 'refused' || i.step.step === 'lost').reverse();
  const held = items.filter((i) => i.step.step === 'held' && wordsOf(i)).length; // of what went to its owner nothing is here any more
  return (
    <Screen title={t('tray.title')} top={<Crumb to="/more" quiet>{t('nav.more')}</Crumb>}>
      <div class="stack tight"><h1>{t('tray.title')}</h1><SyncBadge /><Contact /></div>
      <Net />
      {items.length + leftBehind().length === 0 && <Empty icon="check" title={t('tray.empty')}><p>{t('tray.empty_text')}</p></Empty>}
      <NotSaved items={refused} />
      {core.whole() && leftBehind().map((name) => <Left key={name} name={name} />)}
      {groups.map(({ title, steps }) => {
        const these = items.filter((i) => steps.includes(i.step.step)).reverse();
        if (these.length === 0) return null;
        return (
          <section key={title} class="stack">
            <h2>{t('tray.count', { title: t(title), n: number(these.length) })}</h2>
            {title === 'tray.waiting' && <button class="btn is-block" type="button" onClick={() => core.syncNow()}><Icon name="sync" />{t('tray.send')}</button>}
            {(title === 'tray.saved' ? these.slice(0, savedShown) : these).map((i) => <Card key={i.commit} item={i} />)}
          </section>
        );
      })}
      {unsent + refused.length + held > 0 && <TakeOut />}
      <TakeIn />
    </Screen>
  );
}

/** When the server last answered: what is shown is as old as that. */
function Contact() {
  const { lastContact } = core.sync.value;
  return <p class="small soft">{lastContact ? pieces<any>('tray.contact', { time: <Time at={lastContact} /> }) : t('tray.no_contact')}</p>;
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
  const text = wordsOf(item);
  const place = placeFor(item);
  const undo = () => core.undo(item.commit).then((done) => done || setWrong(t('tray.too_late')), (e) => setWrong(problemText(e)));
  return (
    <article class="card stack" data-commit={item.commit}>
      <div class="stack tight">
        <h3>{place ? t('refused.about', { what: titleOf(item), place }) : titleOf(item)}</h3>
        <StepLine step={item.step} />
      </div>
      <Words text={text} />
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {item.step.step === 'phone' && <button class="btn is-small is-start" type="button" onClick={undo}>{t('tray.undo')}</button>}
      {item.step.step === 'held' && text && <><div><Copy text={text} /></div><HandOver item={item} /></>}
      {item.step.step === 'held' && <PutAway item={item} />}
    </article>
  );
}

function titleOf(item: Item): string {
  const kinds = [...new Set(item.changes.map((c) => c.kind))];
  const words = kinds.map((k) => `kind.${k}`).filter(has).map((k) => t(k as 'kind.other'));
  return words.join(', ') || t('kind.other');
}

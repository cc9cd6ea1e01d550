// Cases: who comes first, and what is the next step?
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Icon, core, go, n, number, session, t } from './desk/env';
import { Page } from './desk/page';
import { Alerts } from './desk/alert';
import { Fetching, useMonth, Strip, MonthTitle } from './desk/month';
import { Intake } from './desk/intake';
import { CasePanel } from './desk/panel';
import { CaseTable } from './desk/table';
import { closedFiles, openFiles, type File } from './desk/files';
import { useWide } from './desk/parts';
import { matches } from './desk/find';
import { isSocial, seesMonthly, writes } from './desk/words';
import { Net } from './phone/parts';
import { Empty, Ghost } from '../ui';

const filters = ['all', 'children', 'eviction_near', 'young', 'older', 'unreached', 'closed'] as const;
type Filter = (typeof filters)[number];

/** What stood on the screen when it was left, so that the way back leads there. */
const kept = { filter: 'all' as Filter, typed: '', chosen: '', shown: 0 };
const slice = 60;

const of = (filter: Filter, open: File[], closed: File[]): File[] =>
  filter === 'closed' ? closed : filter === 'all' ? open : open.filter((f) => f.ids.has(filter));

export default function Cases() {
  const wide = useWide();
  const month = useMonth();
  const [filter, setFilter] = useState<Filter>(kept.filter);
  const [typed, setTyped] = useState(kept.typed);
  const [chosen, setChosen] = useState(kept.chosen);
  const [shown, setShown] = useState(kept.shown || slice);
  useEffect(() => void Object.assign(kept, { filter, typed, chosen, shown }), [filter, typed, chosen, shown]);

  const [open, closed] = [openFiles(), closedFiles()];
  const some = open.length + closed.length > 0;
  const found = useMemo(
    () => of(filter, open, closed).filter((f) => !typed.trim() || (f.key !== '' && matches(f.key, typed))),
    [filter, typed, open, closed],
  );
  const panel = found.find((f) => f.kase.id === chosen) ?? found[0];
  const choose = (f: File) => {
    if (!wide || f.kase.id === panel?.kase.id) return go(`/case/${f.kase.id}`);
    setChosen(f.kase.id);
  };

  return (
    <Page at="/cases" title={t('desk.cases.title')}>
      <header class="cluster apart">
        {isSocial() ? <SocialTitle open={open.length} /> : <MonthTitle month={month} />}
        <div class="cluster desk-tools">
          {some && <Search typed={typed} onType={(to) => { setTyped(to); setShown(slice); }} />}
          {some && seesMonthly() && <a class="btn" href="/monthly">{t('desk.monthly')}</a>}
          {writes() && (isSocial() || open.length > 0) && <Action />}
        </div>
      </header>
      <Net />
      <Fetching />
      <Alerts />
      {month && <Strip month={month} wide={wide} />}
      {some && <Filters filter={filter} open={open} closed={closed} onChoose={(to) => { setFilter(to); setShown(slice); }} />}
      <p class="sr" role="status">{typed || filter !== 'all' ? n('desk.cases.found', found.length) : ''}</p>
      {!some ? <NoCases /> : found.length === 0 ? <NoneFound typed={typed} filter={filter} clear={() => { setTyped(''); setFilter('all'); }} /> : (
        <div class={wide ? 'split' : undefined}>
          <section class="stack" aria-label={t('desk.cases.list')}>
            <CaseTable files={found.slice(0, shown)} chosen={wide ? panel?.kase.id : undefined} onChoose={choose} />
            {found.length > shown && (
              <button class="btn is-quiet" type="button" onClick={() => setShown(shown + slice)}>
                {t('desk.cases.more', { n: Math.min(slice, found.length - shown), total: number(found.length) })}
              </button>
            )}
          </section>
          {wide && panel && <CasePanel file={panel} />}
        </div>
      )}
      {isSocial() && <Intake />}
    </Page>
  );
}

const Action = () =>
  isSocial() ? (
    <a class="btn is-primary" href="/notice/new">{t('desk.cases.register')}</a>
  ) : (
    <a class="btn is-primary" href="/plan">{t('desk.cases.plan')}</a>
  );

const SocialTitle = ({ open }: { open: number }) => (
  <div>
    <h1>{t('desk.cases.title')}</h1>
    <p class="soft">{[units(), n('desk.cases.open', open)].filter(Boolean).join('. ')}</p>
  </div>
);

const units = () => session().person.units.map((id) => core.get('unit', id)?.f.name).filter(Boolean).join(', ');

function Search({ typed, onType }: { typed: string; onType: (to: string) => void }) {
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        class="input" type="search" aria-label={t('desk.cases.search')} placeholder={t('desk.cases.search')}
        value={typed} onInput={(e) => onType(e.currentTarget.value)} autoComplete="off" enterKeyHint="search"
      />
    </div>
  );
}

function Filters({ filter, open, closed, onChoose }: { filter: Filter; open: File[]; closed: File[]; onChoose: (f: Filter) => void }) {
  const counts = filters.map((f) => [f, of(f, open, closed).length] as const);
  return (
    <div class="filters" role="group" aria-label={t('desk.cases.show')}>
      {counts.filter(([f, count]) => count > 0 || f === 'all' || f === filter).map(([f, count]) => (
        <button key={f} class="btn" type="button" aria-pressed={f === filter} onClick={() => onChoose(f)}>
          {t(`desk.filter.${f}`)} <span class="num">{number(count)}</span>
        </button>
      ))}
    </div>
  );
}

function NoCases() {
  const manager = !writes();
  const fetching = core.sync.value.phase === 'fetching' || core.sync.value.lastContact === null;
  if (fetching) return <Ghost rows={4} />;
  return (
    <Empty icon="cases" title={t('desk.cases.none')}>
      <p>{t(manager ? 'desk.cases.none_manager' : isSocial() ? 'desk.cases.none_social' : 'desk.cases.none_landlord')}</p>
      {!manager && !isSocial() && <a class="btn is-primary" href="/import"><Icon name="upload" />{t('desk.cases.to_import')}</a>}
    </Empty>
  );
}

const NoneFound = ({ typed, filter, clear }: { typed: string; filter: Filter; clear: () => void }) => (
  <Empty icon="search" title={t('desk.cases.none_found')}>
    <p>{typed.trim() ? t('desk.cases.none_typed', { typed: typed.trim(), filter: t(`desk.filter.${filter}`) }) : t('desk.cases.none_filter')}</p>
    <button class="btn" type="button" onClick={clear}>{t('desk.cases.show_all')}</button>
  </Empty>
);

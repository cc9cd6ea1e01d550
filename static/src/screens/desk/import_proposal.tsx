// A list looked through: what is new, changed, unchanged, gone and impossible to read.
import { useState } from 'preact/hooks';
import { Icon, n, number, t } from './env';
import { ChangedTable, GoneTable, RowTable } from './import_tables';
import { csv, save } from './csv';
import { dayAndClock } from './words';
import type { BadRow, Proposal } from './import_api';

const tabs = ['new', 'changed', 'unchanged', 'gone', 'rejected'] as const;
type Tab = (typeof tabs)[number];

const countOf = (p: Proposal, tab: Tab): number => (tab === 'unchanged' ? p.unchanged : p[tab].length);

/** What needs a decision opens first. */
const firstTab = (p: Proposal): Tab => (p.gone.length > 0 ? 'gone' : (tabs.find((tab) => tab !== 'unchanged' && countOf(p, tab) > 0) ?? 'unchanged'));

interface Props {
  proposal: Proposal;
  busy: boolean;
  onDrop: () => void;
  onTake: (keep: string[]) => void;
}

export function Proposed({ proposal: p, busy, onDrop, onTake }: Props) {
  const [tab, setTab] = useState<Tab>(() => firstTab(p));
  const [keep, setKeep] = useState<ReadonlySet<string>>(new Set());
  const nothing = p.nothing || (p.new.length + p.changed.length + p.gone.length === 0 && p.rejected.length === 0);
  const flip = (claim: string) => {
    const next = new Set(keep);
    if (!next.delete(claim)) next.add(claim);
    setKeep(next);
  };
  return (
    <>
      <header class="cluster apart">
        <div>
          <h1>{nothing ? t('desk.import.nothing') : t('desk.import.look')}</h1>
          <p class="soft">{p.fileName}. {n('desk.import.rows', p.rows)} {t(p.dated === false ? 'desk.import.as_of_came' : 'desk.import.as_of', { when: dayAndClock(p.asOf) })} {p.partial && t('desk.import.was_partial')} <b>{t('desk.import.untouched')}</b></p>
        </div>
      </header>
      {nothing && <p class="banner is-good"><Icon name="check" /><span>{t('desk.import.nothing_text')}</span></p>}
      <Tabs proposal={p} tab={tab} onTab={setTab} />
      <div class={p.rejected.length > 0 || p.gone.length > 0 ? 'split' : undefined}>
        <section class="stack" id="tab" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
          <Rows proposal={p} tab={tab} keep={keep} onFlip={flip} />
        </section>
        {(p.rejected.length > 0 || p.gone.length > 0) && (
          <aside class="stack wide" aria-label={t('desk.import.after')}>
            {p.rejected.length > 0 && tab !== 'rejected' && <Rejected rows={p.rejected} onShow={() => setTab('rejected')} />}
            {!nothing && <After proposal={p} keep={keep} />}
          </aside>
        )}
      </div>
      <section class="bar" aria-label={t('desk.import.decide')}>
        <p class="grow soft" role="status">{n('desk.import.taken_rows', p.rows - p.rejected.length)} {p.rejected.length > 0 && n('desk.import.left_rows', p.rejected.length)}</p>
        <button class="btn" type="button" aria-disabled={busy} onClick={() => !busy && onDrop()}>{t('desk.cancel')}</button>
        <button class="btn is-primary" type="button" aria-disabled={busy} onClick={() => !busy && (nothing ? onDrop() : onTake([...keep]))}>{nothing ? t('desk.import.ok') : busy ? t('desk.import.taking') : t('desk.import.take')}</button>
      </section>
    </>
  );
}

/** Five tabs with their counts; the arrow keys walk between them. */
function Tabs({ proposal, tab, onTab }: { proposal: Proposal; tab: Tab; onTab: (to: Tab) => void }) {
  const walk = (e: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const rtl = getComputedStyle(e.currentTarget as Element).direction === 'rtl' && e.key.startsWith('ArrowR') !== e.key.startsWith('ArrowL');
    const by = (steps[e.key] ?? 0) * (rtl && (e.key === 'ArrowLeft' || e.key === 'ArrowRight') ? -1 : 1);
    const to = e.key === 'Home' ? 0 : e.key === 'End' ? tabs.length - 1 : by && (tabs.indexOf(tab) + by + tabs.length) % tabs.length;
    if (!by && e.key !== 'Home' && e.key !== 'End') return;
    e.preventDefault();
    onTab(tabs[to]);
    document.getElementById(`tab-${tabs[to]}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t('desk.import.tabs')} onKeyDown={walk}>
      {tabs.map((each) => (
        <button key={each} id={`tab-${each}`} role="tab" type="button" aria-selected={each === tab} aria-controls="tab" tabIndex={each === tab ? 0 : -1} onClick={() => onTab(each)}>
          <b>{number(countOf(proposal, each))}</b><span>{t(`desk.import.tab.${each}`)}</span>
        </button>
      ))}
    </div>
  );
}

function Rows({ proposal: p, tab, keep, onFlip }: { proposal: Proposal; tab: Tab; keep: ReadonlySet<string>; onFlip: (claim: string) => void }) {
  if (countOf(p, tab) === 0) return <p class="soft">{t(p.partial && tab === 'gone' ? 'desk.import.partial_gone' : `desk.import.none.${tab}`)}</p>;
  if (tab === 'gone') return <><p>{t('desk.import.gone_text')}</p><GoneTable rows={p.gone} keep={keep} onFlip={onFlip} /></>;
  if (tab === 'changed') return <><p>{t('desk.import.changed_text')}</p><ChangedTable rows={p.changed} /></>;
  if (tab === 'rejected') return <Rejected rows={p.rejected} whole />;
  if (tab === 'new') return <><p>{t('desk.import.new_text')}</p><RowTable rows={p.new} caption={t('desk.import.tab.new')} /></>;
  return p.unchangedRows ? <><p>{t('desk.import.unchanged_text')}</p><RowTable rows={p.unchangedRows} caption={t('desk.import.tab.unchanged')} /></> : <p>{t('desk.import.unchanged_text')}</p>;
}

/** Rows that cannot be read: which, why, and a file to put them right in. */
function Rejected({ rows, whole = false, onShow }: { rows: BadRow[]; whole?: boolean; onShow?: () => void }) {
  const shown = whole ? rows : rows.slice(0, 4);
  const file = () => save(t('desk.import.rejected_file'), csv([[t('desk.import.row'), t('desk.import.reason'), t('desk.import.text')], ...rows.map((r) => [r.row, r.reason, r.text])]));
  return (
    <section class="card stack" aria-labelledby="rejected">
      <h2 id="rejected">{t('desk.import.rejected')}</h2>
      <p>{n('desk.import.rejected_text', rows.length)}</p>
      <ol class="log">{shown.map((r) => <li key={r.row}><b class="num">{t('desk.import.row_n', { n: r.row })}</b><span>{r.reason}{r.text && <small>{r.text}</small>}</span></li>)}</ol>
      {shown.length < rows.length && <button class="link" type="button" onClick={onShow}>{n('desk.import.more', rows.length - shown.length)}</button>}
      <button class="btn" type="button" onClick={file}>{t('desk.import.save_rows')}</button>
    </section>
  );
}

/** What happens with what is planned when the list is taken in. */
function After({ proposal: p, keep }: { proposal: Proposal; keep: ReadonlySet<string> }) {
  const contacts = p.gone.filter((g) => !keep.has(g.claim)).flatMap((g) => g.contacts);
  const calls = contacts.filter((c) => c.form === 'call' || c.form === 'call_back').length;
  const visits = contacts.length - calls;
  return (
    <section class="stack tight" aria-labelledby="after" aria-live="polite">
      <h2 id="after">{t('desk.import.after')}</h2>
      <ul class="say">
        {visits > 0 && <li><Icon name="check" /><span>{n('desk.import.visits_go', visits)}</span></li>}
        {calls > 0 && <li><Icon name="check" /><span>{n('desk.import.calls_go', calls)}</span></li>}
        {contacts.length === 0 && <li><Icon name="check" /><span>{t('desk.import.no_visits_go')}</span></li>}
        {p.new.length > 0 && <li><Icon name="check" /><span>{n('desk.import.new_cases', p.new.length)}</span></li>}
        {keep.size > 0 && <li><Icon name="info" /><span>{n('desk.import.kept', keep.size)}</span></li>}
      </ul>
    </section>
  );
}

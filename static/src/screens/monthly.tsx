// The list that a landlord and social services go through at their monthly meeting: who
// was told of by name, on a ground, and how many were not. Both read the same numbers.
import { useEffect, useState } from 'preact/hooks';
import { core, Icon, lang, money, n, t } from './desk/env';
import { Page } from './desk/page';
import { DayClock, Sees, Wrong } from './desk/parts';
import { capital, isSocial, monthName } from './desk/words';
import { list } from './phone/contacts';
import { Empty, Ghost, problemText } from '../ui';

interface Notice { record: string; root: string; fields: Record<string, any> }
interface Counts { least: number; total: number | null; steps: { id: string; title: { sv: string; en: string }; count: number | null }[] }
interface One { other: string; unit: string; notices: Notice[]; without: Counts | null }
interface Monthly { month: string; lists: One[] }

const most = 12; // months to choose from: the one that runs, and those before it

export default function MonthlyList() {
  const [running, setRunning] = useState(''); // as the server says
  const [month, setMonth] = useState(''); // '': the one that runs
  const [found, setFound] = useState<Monthly | null>(null);
  const [wrong, setWrong] = useState('');
  const live = core.sync.value.phase === 'live';
  useEffect(() => { // asked again when there is a network
    let asked = true; // what comes for a month that is no longer asked for is not shown
    setFound((old) => (old && month && old.month !== month ? null : old));
    core.fetchJSON<Monthly>(`/api/monthly${month && `?month=${month}`}`).then((list) => {
      if (!month) setRunning(list.month);
      if (asked) { setFound(list); setWrong(''); }
    }, (e) => asked && setWrong(problemText(e)));
    return () => { asked = false; };
  }, [live, month]);
  return (
    <Page at="/cases" title={t('desk.monthly')} back={{ href: '/cases', text: t('desk.cases.title') }} reading>
      <h1>{t('desk.monthly')}</h1>
      {running && (
        <div class="field no-print">
          <label for="month">{t('monthly.month')}</label>
          <select class="input" id="month" value={month || running} onChange={(e) => setMonth(e.currentTarget.value)}>{before(running).map((m) => <option key={m} value={m}>{named(m)}</option>)}</select>
        </div>
      )}
      {found && <p class="only-print">{named(found.month)}</p>}
      {wrong && !found && <Wrong text={wrong} />}
      {!found && !wrong && <Ghost />}
      {found?.lists.length === 0 && <Empty icon="users" title={t('monthly.none')}><p>{t('monthly.none_text')}</p></Empty>}
      {found?.lists.map((one, i) => <Agreed key={i} one={one} id={`list-${i}`} />)}
      {found && found.lists.length > 0 && <div class="no-print"><button class="btn is-small" type="button" onClick={() => print()}><Icon name="print" />{t('monthly.print')}</button></div>}
    </Page>
  );
}

const before = (month: string): string[] => {
  const [y, m] = month.split('-').map(Number);
  return Array.from({ length: most }, (_, back) => { const d = new Date(y, m - 1 - back, 15); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}`; });
};

const named = (month: string): string => capital(`${monthName(month)} ${month.slice(0, 4)}`);

function Agreed({ one, id }: { one: One; id: string }) {
  return (
    <section class="stack prints" aria-labelledby={id}>
      <div class="stack tight"><h2 id={id}>{one.other}</h2><p class="soft">{one.unit}</p></div>
      <h3>{one.notices.length > 0 ? n('monthly.named', one.notices.length) : t('monthly.nobody')}</h3>
      {one.notices.length > 0 && <ul class="card is-flush rows">{one.notices.map((notice) => <li key={notice.record}><Named notice={notice} /></li>)}</ul>}
      {one.without ? <Numbers counts={one.without} /> : <p class="small soft">{t('monthly.earlier')}</p>}
      <Sees row="monthly">{t('monthly.sees', { unit: one.unit })}</Sees>
    </section>
  );
}

/** Somebody who was told of, on a ground. The whole row leads to it. */
function Named({ notice: { record, fields: f } }: { notice: Notice }) {
  const names = f.tenants && list((f.tenants as { name: string }[]).map((p) => p.name));
  const debt = (f.capital ?? 0) + (f.costs ?? 0);
  return (
    <a class="row is-mid" href={isSocial() ? `/received/${record}` : `/case/${f.case}`}>
      <Icon name={names ? 'bell' : 'lock'} />
      <span>
        <b>{f.address ?? t('phone.protected')}</b>
        <span class="soft">{[names, t(`desk.about.${f.reason as 'arrears'}`), debt > 0 && money(debt), f.children && t('desk.reason.children')].filter(Boolean).join('. ')}</span>
        <span class="soft sub"><DayClock at={f.received ?? f.at} /></span>
      </span>
      <Icon name="right" flip />
    </a>
  );
}

/** Those of whom nobody was told: numbers. What is kept back is not among them. */
function Numbers({ counts: { least, total, steps } }: { counts: Counts }) {
  return (
    <>
      <h3>{t('monthly.counted')}</h3>
      <dl class="card facts">
        {steps.map((s) => s.count !== null && [<dt key={s.id}>{s.title[lang()]}</dt>, <dd key={`${s.id}-n`}>{s.count}</dd>])}
        <dt>{t('monthly.total')}</dt><dd>{total ?? t('monthly.few', { n: least })}</dd>
      </dl>
      <p class="small soft">{t('monthly.why_back', { n: least })}</p>
    </>
  );
}

// Protected details of one file: asked for with a reason, shown for a few minutes, and
// changed here by those who may. They live in this screen's memory alone. Nothing here
// may hand them to the core, to storage, to the address bar or to the window's title.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner, clock, core, Crumb, Icon, moment, newId, now, Screen, session, t, type ScreenProps } from '../ui';
import { mayFetch, nameOf } from './phone/contacts';
import type { ConflictVersion } from '../schema.gen';
import { tel } from './phone/parts';
import { showNumber } from './phone/number_show';
import { Ask, shownFor, useGone } from './protected/ask';
import { Change, mayChange, title as changeTitle, type Found, type Saved, type Typed } from './protected/change';
import { Picture } from './protected/picture';

/** The server takes changes for fifteen minutes after a fetch; whoever types sees them for so long, ms. */
const atMost = 14 * 60_000;

interface Details { reading: string; records: Found[]; fetched: number; until: number }
/** A form that is open, and what was typed into it. */
interface Work { record: string; typed: Typed; compare: boolean }

export default function Protected({ params: { root } }: ScreenProps) {
  const [details, setDetails] = useState<Details | null>(null);
  const [hidden, setHidden] = useState(false);
  const [work, setWork] = useState<Work | null>(null);
  const hide = () => {
    setDetails(null);
    setHidden(true);
    setWork((w) => w && Object.keys(w.typed).length > 0 ? { ...w, compare: true } : null);
  };
  useGone(details?.until ?? 0, hide);
  useEffect(() => { // what was typed waits as long as what was shown
    if (details || !work) return;
    const timer = setTimeout(() => setWork(null), shownFor);
    return () => clearTimeout(timer);
  }, [details, work]);
  const fetchThem = async (reason: string) => {
    const { reading, records } = await core.fetchJSON<{ reading: string; records: Found[] }>(`/api/protected/${encodeURIComponent(root)}`, { body: { reason } });
    setHidden(false);
    setDetails({ reading, records, fetched: now(), until: now() + shownFor });
  };
  /** Typing keeps them on the screen when their time is nearly over. */
  const type = (w: Work | null) => {
    setWork(w);
    if (w && details && details.until - now() < 60_000) setDetails({ ...details, until: Math.min(now() + shownFor, details.fetched + atMost) });
  };
  const kase = core.list('case').value.find((c) => c.f.household === root);
  const visit = core.list('contact').value.find((c) => c.f.household === root && !c.f.outcome);
  const back = kase ? `/case/${kase.id}` : visit ? `/visit/${visit.id}` : `/received/${root}`;
  return (
    <Screen title={t('protected.title')} top={<Crumb to={back}>{t('protected.back')}</Crumb>}>
      <h1><Icon name="lock" /> {t('protected.title')}</h1>
      {!mayFetch() ? <Banner icon="lock">{t('protected.not_yours')}</Banner>
        : details ? <Shown root={root} details={details} work={work} setWork={type} setRecords={(records) => setDetails({ ...details, records })} hide={hide} />
        : (
          <Ask intro={t('protected.intro')} hint={t('protected.why_hint')} button={t('protected.button')} hidden={hidden} fetch={fetchThem}>
            {work && <Banner icon="pen" live>{t('protected.waits')}</Banner>}
          </Ask>
        )}
    </Screen>
  );
}

interface ShownProps {
  root: string;
  details: Details;
  work: Work | null;
  setWork: (work: Work | null) => void;
  setRecords: (records: Found[]) => void;
  hide: () => void;
}

function Shown({ root, details: { reading, records, until }, work, setWork, setRecords, hide }: ShownProps) {
  const [saved, setSaved] = useState<(Saved & { record: string }) | null>(null);
  const [left, setLeft] = useState(''); // the record whose form was open last: its button gets the focus back
  const pictures = records.filter((r) => r.kind === 'paper_photo');
  const home = records.find((r) => r.kind === 'household');
  const fresh = work && !records.some((r) => r.id === work.record) ? { kind: 'person', id: work.record, fields: {}, versions: {}, fresh: true } : null;
  const keep = (record: string, answer: Saved) => {
    const known = new Set(records.map((r) => r.id));
    setRecords([...records.map((r) => answer.records.find((now) => now.id === r.id) ?? r), ...answer.records.filter((r) => !known.has(r.id))]);
    setSaved({ ...answer, record });
    close(record);
  };
  const close = (record: string) => {
    setLeft(record);
    setWork(null);
  };
  const one = (r: Found) => (work?.record === r.id ? (
    <Change key={r.id} root={root} reading={reading} found={r} typed={work.typed} compare={work.compare} onTyped={(typed) => setWork({ ...work, typed })}
      onSaved={(answer) => keep(r.id, answer)} onAgain={hide} onClose={() => close(r.id)} />
  ) : (
    <One key={r.id} found={r} saved={saved?.record === r.id ? saved : null} back={left === r.id} change={work || !mayChange(r, session().person.role) ? undefined : () => setWork({ record: r.id, typed: {}, compare: false })} />
  ));
  return (
    <div class="stack">
      <Banner icon="clock" live>{t('protected.until', { time: clock(until) })} {t('protected.aloud')}</Banner>
      {records.length === 0 && <p>{t('protected.none')}</p>}
      {ordered(records).map(one)}
      {home && mayChange(home, session().person.role) && (fresh ? one(fresh) : <AddButton back={left !== '' && !records.some((r) => r.id === left)} add={work ? undefined : () => setWork({ record: newId(), typed: {}, compare: false })} />)}
      {pictures.map((r, i) => <Picture key={r.id} root={root} reading={reading} id={r.id} n={i + 1} />)}
      <div><button class={work ? 'btn' : 'btn is-primary'} type="button" onClick={hide}><Icon name="lock" />{t('protected.hide')}</button></div>
    </div>
  );
}

const kinds = ['household', 'person', 'notice_in', 'notice_sent', 'signature', 'conflict'];
const positions = ['tenant', 'co_tenant', 'adult', 'child'];

/** The way there first, then the people, tenants first. */
const ordered = (records: Found[]): Found[] => {
  const rank = (r: Found) => kinds.indexOf(r.kind) * 10 + positions.indexOf(core.get('person', r.id)?.f.position);
  return [...records].sort((a, b) => rank(a) - rank(b));
};

const words = (...parts: unknown[]): string => parts.filter(Boolean).join(', ');

interface OneProps { found: Found; saved: Saved | null; back: boolean; change?: () => void }

function One({ found, saved, back, change }: OneProps) {
  const { kind, id, fields: f } = found;
  const of = { found, saved, back, change };
  if (kind === 'household') return <Facts title={t('protected.place')} of={of} rows={[
    [t('protected.where'), words(f.street, f.floor, [f.postcode, f.city].filter(Boolean).join(' '))], [t('protected.apartment'), f.apartment],
    [t('protected.door_hint'), f.door_hint], [t('protected.door_code'), f.door_code]]} />;
  if (kind === 'person') return <Facts title={String(f.name ?? '')} soft={positionOf(id)} of={of} rows={[
    [t('protected.phone'), f.phone && <a class="link" href={tel(String(f.phone))}><Icon name="phone" small /><bdi class="num" dir="ltr">{String(f.phone)}</bdi></a>], [t('protected.email'), f.email],
    [t('protected.born'), f.born], [t('protected.number'), f.personal_number && showNumber(String(f.personal_number))]]} />;
  if (kind === 'notice_in' || kind === 'notice_sent') return <Facts title={t('protected.notice')} rows={[
    ['', ((f.tenants ?? []) as { name: string; personal_number?: string }[]).map((p) => words(p.name, p.personal_number && showNumber(p.personal_number))).join('; ')],
    [t('protected.where'), f.address]]} />;
  if (kind === 'signature') return <Facts title={t('protected.signed')} rows={[
    ['', f.name], [t('protected.child'), f.child], [t('protected.number'), f.personal_number && showNumber(String(f.personal_number))]]} />;
  if (kind === 'conflict') return <Facts title={t('protected.two')} rows={
    ((f.versions ?? []) as ConflictVersion[]).map((v): [string, unknown] => [`${nameOf(v.by)} ${moment(v.at)}`, typeof v.v === 'string' ? v.v : ''])} />;
  return null;
}

function positionOf(person: string): string {
  const position = core.get('person', person)?.f.position as string | undefined;
  return position ? t(`desk.position.${position as 'tenant'}`) : '';
}

/** Somebody who lives there and is not in the file yet. Sent at once, like any change here. */
function AddButton({ back, add }: { back: boolean; add?: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (back) button.current?.focus(); }, []);
  return add ? <div><button class="btn" type="button" ref={button} onClick={add}><Icon name="plus" small />{t('protected.add')}</button></div> : null;
}

interface FactsProps { title: string; soft?: string; rows: [string, unknown][]; of?: OneProps }

function Facts({ title, soft, rows, of }: FactsProps) {
  const known = rows.filter(([, value]) => value);
  if (known.length === 0 && !title) return null;
  return (
    <section class="card stack tight">
      <h2>{title}</h2>
      {soft && <p class="soft">{soft}</p>}
      {known.map(([label, value], i) => <p key={i}>{label && <span class="soft small sub">{label}</span>}<b>{value as preact.ComponentChildren}</b></p>)}
      {of?.saved && <p role="status" class="banner is-good"><Icon name="check" /><span>{t('protected.saved', { time: clock(of.saved.at) })} {of.saved.conflict && t('protected.both')}</span></p>}
      {of?.change && <ChangeButton {...of} />}
    </section>
  );
}

function ChangeButton({ found, back, change }: OneProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (back) button.current?.focus(); }, []);
  return <div><button class="btn is-small" type="button" ref={button} onClick={change}><Icon name="pen" small />{changeTitle(found)}</button></div>;
}

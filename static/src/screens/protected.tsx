// Protected details of one file: asked for with a reason, shown for a few minutes.
// They live in this screen's memory alone. Nothing here may hand them to the core, to
// storage, to the address bar or to the window's title.
import { useEffect, useState } from 'preact/hooks';
import { Banner, clock, core, Crumb, Icon, now, Problem, problemText, Screen, t, TextField, type ScreenProps } from '../ui';
import { mayFetch } from './phone/contacts';
import { tel } from './phone/parts';
import { showNumber } from './phone/number_show';

/** How long they stay on the screen, ms. */
const shownFor = 5 * 60_000;

/** As the server asks for them: characters of a reason. */
const shortest = 10;
const longest = 500;

interface Found { kind: string; id: string; fields: Record<string, unknown> }
interface Details { records: Found[]; until: number }

export default function Protected({ params: { root } }: ScreenProps) {
  const [details, setDetails] = useState<Details | null>(null);
  const [hidden, setHidden] = useState(false);
  const hide = () => {
    setDetails(null);
    setHidden(true);
  };
  useGone(details, hide);
  const kase = core.list('case').value.find((c) => c.f.household === root);
  const visit = core.list('contact').value.find((c) => c.f.household === root && !c.f.outcome);
  const back = kase ? `/case/${kase.id}` : visit ? `/visit/${visit.id}` : `/received/${root}`;
  return (
    <Screen title={t('protected.title')} top={<Crumb to={back}>{t('protected.back')}</Crumb>}>
      <h1><Icon name="lock" /> {t('protected.title')}</h1>
      {!mayFetch() ? <Banner icon="lock">{t('protected.not_yours')}</Banner>
        : details ? <Shown details={details} hide={hide} />
        : <Ask root={root} hidden={hidden} onFound={(records) => { setHidden(false); setDetails({ records, until: now() + shownFor }); }} />}
    </Screen>
  );
}

/** They go when their time is over, and when nobody can be looking at this screen. */
function useGone(details: Details | null, hide: () => void): void {
  useEffect(() => {
    if (!details) return;
    const away = () => document.visibilityState === 'hidden' && hide();
    const timer = setTimeout(hide, Math.max(0, details.until - now()));
    document.addEventListener('visibilitychange', away);
    addEventListener('pagehide', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', away);
      removeEventListener('pagehide', hide);
    };
  }, [details]);
}

function Ask({ root, hidden, onFound }: { root: string; hidden: boolean; onFound: (records: Found[]) => void }) {
  const [why, setWhy] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const fetchThem = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    if ([...why.trim()].length < shortest) return setWrong(t('protected.short'));
    setBusy(true);
    setWrong('');
    try {
      onFound((await core.fetchJSON<{ records: Found[] }>(`/api/protected/${encodeURIComponent(root)}`, { body: { reason: why.trim() } })).records);
    } catch (err) {
      const problem = err instanceof Problem ? err : null;
      setWrong(problem?.code === 'offline' ? t('protected.offline') : problem?.sentence || problemText(err));
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={fetchThem} noValidate>
      {hidden && <Banner icon="lock" live>{t('protected.gone')}</Banner>}
      <p>{t('protected.intro')}</p>
      <TextField label={t('protected.why')} hint={t('protected.why_hint')} wrong={wrong} value={why} onText={(s) => setWhy([...s].slice(0, longest).join(''))} lines />
      <Banner icon="eye">{t('protected.logged')}</Banner>
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{t(busy ? 'protected.busy' : 'protected.button')}</button></div>
    </form>
  );
}

function Shown({ details: { records, until }, hide }: { details: Details; hide: () => void }) {
  return (
    <div class="stack">
      <Banner icon="clock" live>{t('protected.until', { time: clock(until) })} {t('protected.aloud')}</Banner>
      {records.length === 0 && <p>{t('protected.none')}</p>}
      {ordered(records).map((r) => <One key={r.id} found={r} />)}
      <div><button class="btn is-primary" type="button" onClick={hide}><Icon name="lock" />{t('protected.hide')}</button></div>
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

function One({ found: { kind, id, fields: f } }: { found: Found }) {
  if (kind === 'household') return <Facts title={t('protected.place')} rows={[
    [t('protected.where'), words(f.street, f.floor, [f.postcode, f.city].filter(Boolean).join(' '))], [t('protected.apartment'), f.apartment],
    [t('protected.door_hint'), f.door_hint], [t('protected.door_code'), f.door_code]]} />;
  if (kind === 'person') return <Facts title={String(f.name ?? '')} soft={positionOf(id)} rows={[
    [t('protected.phone'), f.phone && <a class="link" href={tel(String(f.phone))}><Icon name="phone" small /><bdi class="num" dir="ltr">{String(f.phone)}</bdi></a>], [t('protected.email'), f.email],
    [t('protected.born'), f.born], [t('protected.number'), f.personal_number && showNumber(String(f.personal_number))]]} />;
  if (kind === 'notice_in' || kind === 'notice_sent') return <Facts title={t('protected.notice')} rows={[
    ['', ((f.tenants ?? []) as { name: string; personal_number?: string }[]).map((p) => words(p.name, p.personal_number && showNumber(p.personal_number))).join('; ')],
    [t('protected.where'), f.address]]} />;
  if (kind === 'signature') return <Facts title={t('protected.signed')} rows={[
    ['', f.name], [t('protected.child'), f.child], [t('protected.number'), f.personal_number && showNumber(String(f.personal_number))]]} />;
  if (kind === 'conflict') return <Facts title={t('protected.two')} rows={
    ((f.versions ?? []) as { v: unknown }[]).map((v): [string, unknown] => ['', typeof v.v === 'string' ? v.v : ''])} />;
  return null;
}

function positionOf(person: string): string {
  const position = core.get('person', person)?.f.position as string | undefined;
  return position ? t(`desk.position.${position as 'tenant'}`) : '';
}

function Facts({ title, soft, rows }: { title: string; soft?: string; rows: [string, unknown][] }) {
  const known = rows.filter(([, value]) => value);
  if (known.length === 0 && !title) return null;
  return (
    <section class="card stack tight">
      <h2>{title}</h2>
      {soft && <p class="soft">{soft}</p>}
      {known.map(([label, value], i) => <p key={i}>{label && <span class="soft small sub">{label}</span>}<b>{value as preact.ComponentChildren}</b></p>)}
    </section>
  );
}

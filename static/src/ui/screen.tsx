// The frame around a screen: heading, content, and at the bottom either the
// navigation or the actions, never both.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { core } from '../core/current';
import { n, number, t, type Key } from '../text';
import { Banner } from './parts';
import { Icon } from './icon';
import { pairsOf, waitsForUs, type Pair } from './joint';
import { currentPath } from './router';
import { SyncBadge } from './sync';
import { now } from './time';

/** The window's title. Never anything of a case: titles show in task switchers and on locked screens. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} – ${t('app.name')}` : t('app.name');
  }, [title]);
}

const Skip = () => <a class="skip" href="#main">{t('skip')}</a>;

export interface ScreenProps {
  title: string; // of the window; no case data
  top?: ComponentChildren; // <TopBar> or <Crumb>
  nav?: ComponentChildren; // <Nav/>: leave out when there is a bar
  bar?: ComponentChildren; // <Bar>
  children: ComponentChildren;
}

/** A phone screen; on a wide window it keeps its width, beside the navigation at the side. */
export function Screen({ title, top, nav, bar, children }: ScreenProps) {
  useTitle(title);
  return (
    <div class={core.session.value ? 'with-side' : undefined}>
      <Skip />
      {core.session.value && <SideNav />}
      <div class="app">
        {top}
        <main id="main" tabIndex={-1}><Notices />{children}</main>
        {bar}
        {nav}
      </div>
    </div>
  );
}

/** Header of a first-level screen: the h1, the <SyncBadge/>, the state of the day. */
export function TopBar({ children }: { children: ComponentChildren }) {
  return <header class="top">{children}</header>;
}

/** TopBar with just a heading and the sync state. */
export function Heading({ children }: { children: ComponentChildren }) {
  return <TopBar><div class="stack tight"><h1>{children}</h1><SyncBadge /></div></TopBar>;
}

/** Header one level in: the way back, and what only this phone has. */
export function Crumb({ to, children, quiet }: { to: string; children: ComponentChildren; quiet?: boolean }) {
  return (
    <header class="crumb">
      <a href={to}><Icon name="left" flip />{children}</a>
      {!quiet && <SyncBadge short />}
    </header>
  );
}

/** The actions of a screen, at the bottom. */
export function Bar({ label, children }: { label: string; children: ComponentChildren }) {
  return <section class="bar" aria-label={label}>{children}</section>;
}

/** A link to another screen, with any of the look's classes. */
export function Link({ to, class: css, children, ...rest }: { to: string; class?: string; children: ComponentChildren; 'aria-label'?: string; 'aria-current'?: 'page' | 'true' }) {
  return <a href={to} class={css} {...rest}>{children}</a>;
}

interface Place {
  to: string;
  icon: string;
  text: Key;
  roles?: string[];
}

const landlordDesk = ['coordinator', 'collections', 'landlord_manager'];
const social = ['social_worker', 'child_worker', 'social_manager'];

const places: Place[] = [
  { to: '/cases', icon: 'cases', text: 'nav.cases' },
  { to: '/', icon: 'calendar', text: 'nav.today' },
  { to: '/plan', icon: 'board', text: 'nav.plan', roles: ['coordinator'] },
  { to: '/import', icon: 'upload', text: 'nav.import', roles: landlordDesk },
  { to: '/notice/new', icon: 'file', text: 'nav.notice', roles: social },
  { to: '/inbox', icon: 'inbox', text: 'nav.inbox' },
  { to: '/more', icon: 'more', text: 'nav.more' },
];
const onPhone: Place[] = [
  { to: '/', icon: 'home', text: 'nav.today' },
  { to: '/cases', icon: 'cases', text: 'nav.cases' },
  { to: '/inbox', icon: 'inbox', text: 'nav.inbox' },
  { to: '/more', icon: 'more', text: 'nav.more' },
];

/** What waits for me: open conflicts that concern me, alerts that name me, work that could not be saved. */
export function waitingForMe(): number {
  const mine = core.session.value?.person;
  if (!mine) return 0;
  const names = (people: unknown) => Array.isArray(people) && people.includes(mine.id);
  const conflicts = core.list('conflict').value.filter((c) => {
    if (c.f.state !== 'open' || c.f.choice) return false;
    const wrote = (c.f.versions ?? []).some((v: { by: string }) => v.by === mine.id);
    return wrote || mine.role !== 'caretaker' || names(core.get(c.f.kind, c.f.record)?.f.people);
  });
  const alerts = core.list('alert').value.filter((a) => !a.f.seen && names(a.f.people));
  const found = core.list('found').value.filter((r) => r.f.state === 'open');
  return conflicts.length + alerts.length + found.length + timesForMe().length + core.sync.value.trouble;
}

/** Joint times that the other organisation waits for an answer to, for those who give it. */
export function timesForMe(): Pair[] {
  const answers = ['coordinator', 'collections', 'social_worker', 'child_worker'].includes(core.session.value?.person.role ?? '');
  return answers ? pairsOf(core.list('appointment').value).filter((pair) => waitsForUs(pair, now())) : [];
}

function PlaceLink({ place, at }: { place: Place; at: string }) {
  const count = place.to === '/inbox' ? waitingForMe() : 0;
  return (
    <a href={place.to} aria-current={at === place.to ? 'page' : undefined}>
      <Icon name={place.icon} />
      {t(place.text)}
      {count > 0 && <span class="count">{number(count)}<span class="sr"> {t('nav.new')}</span></span>}
    </a>
  );
}

/** The phone's navigation. `at` is the place that is open; the path's own when left out. */
export function Nav({ at = currentPath() }: { at?: string }) {
  return <nav class="nav" aria-label={t('nav.main')}>{onPhone.map((p) => <PlaceLink key={p.to} place={p} at={at} />)}</nav>;
}

/** The desk's navigation; gone under 60 rem, where <Nav/> takes over. */
export function SideNav({ at = currentPath() }: { at?: string }) {
  const me = core.session.value;
  const mine = places.filter((p) => !p.roles || p.roles.includes(me?.person.role ?? ''));
  return (
    <nav class="side" aria-label={t('nav.main')}>
      <p class="brand"><Icon name="home" />{t('app.name')}</p>
      {mine.map((p) => <PlaceLink key={p.to} place={p} at={at} />)}
      <div class="who stack tight small">
        {me && <><b>{me.person.name}</b><span class="soft">{me.org.name}</span></>}
        <SyncBadge />
      </div>
    </nav>
  );
}

/** A desk screen: navigation at the side, one column again on a phone. A <Bar> goes into the children. */
export function DeskPage({ title, at, children }: { title: string; at?: string; children: ComponentChildren }) {
  useTitle(title);
  return (
    <div class="desk">
      <Skip />
      <SideNav at={at} />
      <main id="main" tabIndex={-1}><Notices />{children}</main>
      <Nav at={at} />
    </div>
  );
}

/** What concerns every screen: the session is over, or the browser has emptied what was kept here. */
function Notices() {
  const { phase, storage } = core.sync.value;
  if (phase === 'signed_out' && core.session.value && currentPath() !== '/in') {
    return <Banner icon="lock" live>{t('problem.signed_out')} <a href="/in">{t('sign_in')}</a></Banner>;
  }
  if (storage.lost === null) return null;
  return (
    <Banner icon="mobile" kind="soon" live title={t('storage.lost')}>
      <p>{storage.lost > 0 ? n('storage.lost_unsent', storage.lost) : t('storage.lost_nothing')}</p>
      <button class="link" type="button" onClick={() => core.sawLoss()}>{t('storage.seen')}</button>
    </Banner>
  );
}

// Today: who is next?
import { clock, core, daysBetween, Icon, Link, longDay, me, n, Nav, now, number, Screen, shortDay, SyncBadge, t, Time, TopBar } from '../ui';
import { capital, lower } from './phone/when';
import { cancelledText, companions, floorOf, isProtected, jointText, list, nameOf, namesOf, placeOf, visitOf } from './phone/contacts';
import { dayFor, type Day } from './phone/day';
import { isCall, outcomeOf, outcomeText } from './phone/outcomes';
import {  mapLink, Net, ReasonChips, rentText } from './phone/parts';
import { languageName } from './phone/language';
import { reasonsOf } from './phone/reasons';
import type { Rec } from '../core/api';

export default function Today() {
  const day = dayFor(core.list('contact').value, me(), now());
  return (
    <Screen nav={<Nav at="/" />} title={t('phone.today.title')} top={<TopOfDay day={day} />}>
      <Net />
      <Fetching />
      {day.next && <Next contact={day.next} />}
      <Then day={day} />
      <Done day={day} />
    </Screen>
  );
}

function TopOfDay({ day }: { day: Day }) {
  return (
    <TopBar>
      <div class="stack tight">
        <h1>{capital(longDay(now()))}</h1>
        <SyncBadge />
      </div>
      {day.total > 0 && (
        <div class="cluster apart">
          <p class="windows" aria-hidden="true">{windows(day).map((css, i) => <i key={i} class={css} />)}</p>
          <p>{t('phone.today.done_of', { done: day.done.length, total: day.total })}</p>
        </div>
      )}
    </TopBar>
  );
}

/** One window in the house per visit; lit when it is done. */
const windows = (day: Day) =>
  Array.from({ length: day.total }, (_, i) => (i < day.done.length ? 'lit' : i === day.done.length ? 'now' : ''));

/** A first or long fetch: today's visits come first, so work can begin. */
function Fetching() {
  const fetch = core.sync.value.fetch;
  if (!fetch || fetch.total < 50) return null;
  return (
    <div class="card stack">
      <h2 id="fetch">{t('phone.fetch.title')}</h2>
      <progress max={1} value={fetch.share} aria-labelledby="fetch" />
      <p class="soft">{t('phone.fetch.text', { done: number(fetch.done), total: number(fetch.total), kb: number(Math.ceil(fetch.bytes / 1000)) })}</p>
    </div>
  );
}

function Next({ contact }: { contact: Rec }) {
  const { household, kase, tenants } = visitOf(contact);
  const hidden = isProtected(household);
  const language = languageChip(household);
  return (
    <article class="card is-next stack">
      <div class="head">
        <p class="soft">{t(isCall(contact) ? 'phone.today.next_call' : 'phone.today.next')}</p>
        <Time at={contact.f.planned_at} class="when" />
      </div>
      <div class="stack tight">
        <h2 class="address">{hidden && <Icon name="lock" />}{hidden ? t('phone.protected') : household?.f.street}</h2>
        {!hidden && <p>{[floorOf(household), namesOf(tenants)].filter(Boolean).join(', ')}</p>}
      </div>
      <ReasonChips reasons={language ? [...reasonsOf(kase), language] : reasonsOf(kase)} />
      <NextFacts contact={contact} kase={kase} />
      <div class="cluster">
        <Link class="btn is-primary is-big grow" to={`/visit/${contact.id}`}>
          {t(isCall(contact) ? 'phone.today.open_call' : 'phone.today.open')}
        </Link>
        {household && !hidden && !isCall(contact) && (
          <a class="btn is-square is-big" href={mapLink(household)} aria-label={t('phone.find_place', { place: household.f.street })}>
            <Icon name="pin" />
          </a>
        )}
      </div>
    </article>
  );
}

function NextFacts({ contact, kase }: { contact: Rec; kase?: Rec }) {
  const others = companions(contact, me());
  const rent = rentText(kase);
  const joint = jointText(contact);
  if (others.length === 0 && !rent && !joint) return null;
  return (
    <div>
      {others.length > 0 && !isCall(contact) && (
        <p>{n('phone.today.meets', others.length, { names: list(others.map(nameOf)) })}</p>
      )}
      {joint && <p>{joint.text}</p>}
      {rent && <p class="small soft">{rent}</p>}
    </div>
  );
}

function languageChip(household?: Rec) {
  if (!household?.f.language || household.f.language === 'sv' || isProtected(household)) return null;
  return { id: 'language', icon: 'lang', text: t('phone.reason.interpreter', { language: languageName(household.f.language) }) };
}

/** What comes after, what was taken away and why, and what is left from before. */
function Then({ day }: { day: Day }) {
  return (
    <>
      {!day.next && (day.total > 0 ? <AllDone day={day} /> : <Nothing day={day} />)}
      {(day.later.length > 0 || day.cancelled.length > 0) && (
        <section class="stack">
          {day.later.length > 0 && <h2>{t('phone.today.then')}</h2>}
          {day.later.length > 0 && <Rows contacts={day.later} />}
          {day.cancelled.map((c) => <Cancelled key={c.id} contact={c} />)}
        </section>
      )}
      {day.left.length > 0 && (
        <section class="stack">
          <h2>{t('phone.today.left')}</h2>
          <Rows contacts={day.left} />
        </section>
      )}
    </>
  );
}

function Rows({ contacts, dated }: { contacts: Rec[]; dated?: boolean }) {
  return <ul class="card is-flush rows">{contacts.map((c) => <li key={c.id}><Row contact={c} dated={dated} /></li>)}</ul>;
}

function Row({ contact, dated }: { contact: Rec; dated?: boolean }) {
  const { household, kase, tenants } = visitOf(contact);
  const hidden = isProtected(household);
  const words = reasonsOf(kase).slice(0, 2).map((r) => r.text);
  const second = [hidden ? '' : namesOf(tenants), words.map((w, i) => (i ? lower(w) : w)).join(', ')];
  return (
    <Link class="row" to={`/visit/${contact.id}`}>
      <time dateTime={new Date(contact.f.planned_at).toISOString()}>
        {dated ? shortDay(contact.f.planned_at) : clock(contact.f.planned_at)}
      </time>
      <span>
        <b>{hidden && <Icon name="lock" small />}{isCall(contact) ? t('phone.today.call_to', { place: placeOf(household) }) : placeOf(household)}</b>
        <span class="soft">{second.filter(Boolean).join('. ')}</span>
      </span>
      <Icon name="right" flip />
    </Link>
  );
}

function Cancelled({ contact }: { contact: Rec }) {
  const { household } = visitOf(contact);
  return (
    <p class="banner is-good">
      <Icon name="check" />
      <span>
        <b>{t('phone.today.cancelled', { place: isProtected(household) ? t('phone.protected') : household?.f.street ?? placeOf(household) })}</b>
        {cancelledText(contact)}
      </span>
    </p>
  );
}

function Done({ day }: { day: Day }) {
  return (
    <section class="stack">
      {day.done.length > 0 && (
        <details class="card is-flush rows">
          <summary class="row"><Icon name="check" accent /><b>{n('phone.today.done', day.done.length)}</b><Icon name="down" turn /></summary>
          {day.done.map((c) => <DoneRow key={c.id} contact={c} />)}
        </details>
      )}
      <Link class="btn is-block" to="/unplanned"><Icon name="plus" />{t('phone.today.unplanned')}</Link>
    </section>
  );
}

function DoneRow({ contact }: { contact: Rec }) {
  const { household } = visitOf(contact);
  const outcome = outcomeOf(contact)!;
  const step = core.stepOf(contact.id).value;
  const here = step && step.step === 'phone' ? `. ${t('phone.on_phone')}` : '';
  return (
    <Link class="row" to={`/visit/${contact.id}`}>
      <Time at={outcome.at} />
      <span><b>{placeOf(household)}</b><span class="soft">{outcomeText(outcome, isCall(contact))}{here}</span></span>
      <Icon name="right" flip />
    </Link>
  );
}

function Nothing({ day }: { day: Day }) {
  if (core.sync.value.fetch && core.sync.value.fetch.total >= 50) return null;
  return (
    <div class="card empty"><Icon name="home" /><h2>{t('phone.today.none')}</h2><p>{comingText(day)}</p></div>
  );
}

function comingText(day: Day): string {
  if (!day.coming) return t('phone.today.none_coming');
  const { household } = visitOf(day.coming);
  const days = daysBetween(now(), day.coming.f.planned_at);
  const when = days === 1 ? t('phone.tomorrow') : longDay(day.coming.f.planned_at);
  return t('phone.today.coming', { when, time: clock(day.coming.f.planned_at), place: placeOf(household) });
}

/** Says "saved" only when nothing waits on this phone. */
function AllDone({ day }: { day: Day }) {
  const { unsent, lastReceipt } = core.sync.value;
  const saved = unsent > 0 ? n('phone.today.still_here', unsent) : lastReceipt ? t('phone.today.all_saved', { time: clock(lastReceipt) }) : '';
  return (
    <div class="card empty">
      <Icon name="check" /><h2>{n('phone.today.all_done', day.total)}</h2><p>{saved} {t('phone.today.thanks')}</p>
    </div>
  );
}

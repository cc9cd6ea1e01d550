// Small parts that only the phone screens use.
import { Banner, Chip, clock, core, Face, Icon, Link, me, n, now, problemText, session, shortDay, t, Time } from '../../ui';
import { colleague, companions, list, nameOf } from './contacts';
import { maySettle } from './conflicts';
import type { Value } from './kept_both';
import type { Rent } from '../../schema.gen';
import { Problem, type Rec } from '../../core/api';
import type { Reason } from './reasons';

export const tel = (phone: string) => `tel:${phone.replace(/[^\d+]/g, '')}`;

/** The agreement with the other organisation: telephone numbers and the words of a consent. */
export const agreement = (): Rec | undefined => core.list('agreement').value[0];

/** Opens the phone's own map. Never for a protected household: the address would leave the app. */
export function mapLink(household: Rec): string {
  const place = encodeURIComponent([household.f.street, household.f.city].filter(Boolean).join(', '));
  return /iPhone|iPad/.test(navigator.userAgent) ? `maps:?q=${place}` : `geo:0,0?q=${place}`;
}

export const ReasonChips = ({ reasons }: { reasons: Reason[] }) =>
  reasons.length === 0 ? null : (
    <ul class="chips">{reasons.map((r) => <li key={r.id}><Chip icon={r.icon} soon={r.soon}>{r.text}</Chip></li>)}</ul>
  );

/** What the newest list says of the rent, and as of when: ringing at the door of someone who paid is the worst mistake. */
export function rentText(kase?: Rec, short = false): string {
  const rent = kase?.f.rent as Rent | undefined;
  if (!rent?.as_of) return '';
  return t(`phone.rent.${short ? 'short_' : ''}${rent.state}`, { day: shortDay(rent.as_of), time: clock(rent.as_of) });
}

/** Something could not be written to this phone. Says what is kept and what to do, anew each
 *  time: a second failure is to be heard as well. */
export function Trouble({ problem }: { problem: Problem | null }) {
  return problem && <div role="alert" key={problem}><Banner icon="mobile" kind="soon">{problem.sentence || problemText(problem)}</Banner></div>;
}

/** How it stands with the network, when there is something to say. */
export function Net() {
  const s = core.sync.value;
  if (s.storage.full) return <Banner icon="mobile" kind="soon" live>{t('problem.phone_full')}</Banner>;
  if (s.again) return <Banner icon="sync" kind="soon" live>{problemText(new Problem(s.again))}</Banner>;
  if (s.storage.low) return <Banner icon="mobile" kind="soon">{t('phone.storage_low')}</Banner>;
  if (s.phase !== 'offline' && s.phase !== 'connecting') return null;
  const days = s.lastContact ? Math.floor((now() - s.lastContact) / 86_400_000) : 0;
  if (days >= 1 && s.unsent > 0)
    return <Banner icon="offline" kind="soon" title={n('phone.net.days', days)}>{n('phone.net.only_here', s.unsent)}</Banner>;
  if (s.retryAt && navigator.onLine) return <Retry at={s.retryAt} />;
  return s.phase === 'connecting' ? null : <Banner icon="offline" live>{t('phone.net.offline')}</Banner>;
}

function Retry({ at }: { at: number }) {
  const seconds = Math.max(5, Math.ceil((at - Date.now()) / 5000) * 5); // steps of five: not a ticking clock
  return (
    <Banner icon="sync">
      <p>{t('phone.net.retry', { n: seconds })}</p>
      <button class="link" type="button" onClick={() => core.syncNow()}>{t('phone.net.now')}</button>
    </Banner>
  );
}

/** Initials of those who go: me first. */
export function Faces({ people }: { people: string[] }) {
  return (
    <>
      {people.map((id) => <Face key={id} name={nameOf(id)} here={id === me()} />)}
      <span class="sr">{list(people.map(nameOf))}</span>
    </>
  );
}

/** Who sees a note here: names first, then who does not. */
export function whoSees(contact: Rec): string {
  const mine = session().org.kind === 'social_services';
  const others = companions(contact, me()).map(nameOf);
  const people = list([t('phone.sees.you'), ...others, t(mine ? 'phone.sees.social' : 'phone.sees.landlord')]);
  return t(mine ? 'phone.sees.by_social' : 'phone.sees.by_landlord', { people });
}

/** The colleague to ask: whoever goes along, else a coordinator. */
export function colleagueToCall(contact?: Rec): Rec | undefined {
  const along = contact ? companions(contact, me()).map(colleague) : [];
  const coordinators = core.list('colleague').value.filter((c) => c.f.role === 'coordinator' && c.id !== me());
  return [...along, ...coordinators].find((c) => c?.f.phone);
}

/** The way to the rows of the method that gave the reasons. */
export const whyMethod = (reasons: { id: string }[]) => ['/why/method', reasons.map((r) => r.id).join(',')].filter(Boolean).join('/');

/** Who wrote one of several values, and when. */
export const By = ({ value: { by, at } }: { value: Pick<Value, 'by' | 'at'> }) => (by ? <small class="sub soft">{by === me() ? t('phone.you_start') : nameOf(by)} <Time at={at!} /></small> : null);

/** The way to choose between values that differ, for those who may. */
export function Settle({ conflict }: { conflict?: Rec }) {
  if (!conflict || conflict.f.choice) return null;
  return maySettle(conflict) ? <Link class="link" to={`/conflict/${conflict.id}`}>{t('phone.both.choose')}</Link> : <small>{t('phone.both.theirs')}</small>;
}

export const CallColleague = ({ who }: { who: Rec }) => (
  <a class="btn is-start" href={tel(who.f.phone)}><Icon name="phone" />{t('phone.call_colleague', { name: who.f.name })}</a>
);

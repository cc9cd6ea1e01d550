// What has happened in a case, newest first: contacts, notes, notices, consents, the eviction.
import { core, Icon, money, t } from './env';
import { ItemState } from './page';
import { DayClock } from './parts';
import { conflictOn, ofCase } from './files';
import { capital, contactWord, monthName, who, toldText, whenWord, unitName } from './words';
import { isCall, outcomeOf, outcomeText } from '../phone/outcomes';
import { dayOf, clockOf, shortDayOf } from '../phone/when';
import type { Rec } from '../../core/api';

export interface Event {
  key: string;
  at: number;
  allDay?: boolean; // only the day is known
  icon: string;
  text: string;
  more?: string; // by whom, why
  note?: string; // its own words
  rec: Rec;
}

/** Everything with a time in the case, newest first. */
export function eventsOf(kase: Rec): Event[] {
  const events = [
    ...ofCase('contact', kase.id).map(contactEvent),
    ...ofCase('note', kase.id).map(noteEvent),
    ...ofCase('photo', kase.id).map(photoEvent),
    ...ofCase('notice', kase.id).map(noticeEvent),
    ...ofCase('consent_mark', kase.id).map(markEvent),
    ...withdrawalsOf(kase.id).map(withdrawalEvent),
    ...ofCase('eviction', kase.id).map(evictionEvent),
    ...ofCase('alert', kase.id).map(seenEvent),
    ...ofCase('claim', kase.id).map(claimEvent),
  ];
  return events.filter((e): e is Event => e !== null).sort((a, b) => b.at - a.at);
}

function contactEvent(c: Rec): Event | null {
  const outcome = outcomeOf(c);
  const what = contactWord(c);
  if (outcome)
    return { key: c.id, at: outcome.at, icon: isCall(c) ? 'phone' : 'door', text: t('desk.log.answer', { what, answer: outcomeText(outcome, isCall(c)) }), more: t('desk.log.by', { who: who(outcome.by) }), rec: c };
  const gone = c.f.cancelled;
  if (!gone) return null;
  return { key: c.id, at: gone.at, icon: 'x', text: t('desk.log.cancelled', { what, when: c.f.planned_at ? whenWord(c.f.planned_at) : '' }), more: becauseText(gone), rec: c };
}

/** "Hyran kom in enligt listan 18 nov 13:15." */
export function becauseText(gone: { because: string; as_of?: number; by?: string }): string {
  if (gone.because === 'other') return t('desk.because.other', { who: gone.by ? who(gone.by) : '' });
  const paid = gone.because === 'paid';
  return gone.as_of
    ? t(paid ? 'desk.because.paid' : 'desk.because.removed', { when: whenWord(gone.as_of) })
    : t(paid ? 'desk.because.paid_only' : 'desk.because.removed_only');
}

const noteEvent = (r: Rec): Event => ({
  key: r.id, at: r.f.at, icon: 'pen', text: t(r.f.corrects ? 'desk.log.correction' : 'desk.log.note', { who: who(r.f.by) }), note: r.f.text, rec: r,
});

const photoEvent = (r: Rec): Event => ({ key: r.id, at: r.f.at, icon: 'camera', text: t('desk.log.photo', { who: who(r.f.by) }), rec: r });

const noticeEvent = (r: Rec): Event => ({
  key: r.id, at: new Date(`${r.f.received}T00:00`).getTime(), allDay: true, icon: 'letter',
  text: t('desk.log.notice', { about: t(`desk.about.${r.f.about as 'eviction'}`).toLocaleLowerCase(), sender: t(`desk.sender.${r.f.sender as 'authority'}`) }),
  more: t('desk.log.notice_by', { who: who(r.f.by), unit: unitName(r.f.unit) }), rec: r,
});

const markEvent = (r: Rec): Event => ({
  key: r.id, at: r.f.at, icon: 'sign',
  text: t(`desk.log.consent_${r.f.answer as 'given'}`, { unit: r.f.unit_name ?? t('desk.social_services') }),
  more: [t('desk.log.by', { who: who(r.f.by) }), r.f.answer === 'given' ? t(r.f.landlord ? 'desk.log.landlord_in' : 'desk.log.landlord_out') : ''].filter(Boolean).join('. '),
  rec: r,
});

/** What took back a consent in the case: named by it, or by the handle of what it ended. */
function withdrawalsOf(kase: string): Rec[] {
  const ended = ofCase('consent_state', kase).flatMap((s) => (s.f.standings as { by?: string }[] ?? []).map((one) => core.get('withdrawal', one.by ?? '')));
  return [...new Map([...ofCase('withdrawal', kase), ...ended].flatMap((w) => (w ? [[w.id, w]] : []))).values()];
}

const withdrawalEvent = (r: Rec): Event => ({ key: r.id, at: r.f.at, icon: 'undo', text: t('desk.log.consent_withdrawn'), more: toldText(r), rec: r });

function evictionEvent(r: Rec): Event | null {
  if (!r.f.at || r.f.state === 'set') return null; // what is to come stands above
  return { key: r.id, at: r.f.at, icon: 'calendar', text: t(`desk.eviction.${r.f.state as 'respite'}`), rec: r };
}

function seenEvent(r: Rec): Event | null {
  if (!r.f.raised) return null;
  const seen = r.f.seen;
  return { key: r.id, at: r.f.raised, icon: 'bell', text: t('desk.log.alert'), more: seen ? t('desk.log.seen', { who: capital(who(seen.by)), when: whenWord(seen.at) }) : t('desk.log.not_seen'), rec: r };
}

function claimEvent(r: Rec): Event | null {
  if (!r.f.as_of || r.f.state === 'open') return null;
  const month = monthName(r.f.due_month);
  return { key: r.id, at: r.f.as_of, icon: 'receipt', text: t(r.f.state === 'paid' ? 'desk.log.paid' : 'desk.log.removed', { month, sum: money((r.f.capital ?? 0) + (r.f.costs ?? 0)) }), rec: r };
}

/** The list. Without `picture`, which shows one, it is brief: for the panel, without the words of notes. */
export function Log({ events, picture, act }: { events: Event[]; picture?: (photo: Rec) => preact.ComponentChildren; act?: (e: Event) => preact.ComponentChildren }) {
  if (events.length === 0) return <p class="soft">{t('desk.log.empty')}</p>;
  return (
    <ol class="log">
      {events.map((e) => (
        <li key={e.key}>
          {e.allDay ? <time>{shortDayOf(e.at)}</time> : <DayClock at={e.at} />}
          <div>
            {e.text}
            {e.more && <small>{e.more}</small>}
            {e.note && picture && <p class="words">{e.note}</p>}
            {conflictOn(e.rec.id) && <a class="link" href={`/conflict/${conflictOn(e.rec.id)!.id}`}><Icon name="split" small />{t('desk.log.two_answers')}</a>}
            {picture && (e.rec.kind === 'photo' ? picture(e.rec) : <ItemState record={e.rec.id} />)}
            {act?.(e)}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** "tisdag 24 november 09:00" */
export const evictionWhen = (at: number): string => `${dayOf(at)} ${clockOf(at)}`;

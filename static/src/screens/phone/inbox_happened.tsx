// Good to know: visits that were taken away or moved, conflicts that were settled.
import { clock, core, daysBetween, Icon, Link, longDay, me, now, t, Time } from '../../ui';
import { cancelledText, isProtected, nameOf, placeOf, visitOf } from './contacts';
import { targetOf, valueText, versionsOf } from './conflicts';
import type { Rec } from '../../core/api';

interface Happening {
  id: string;
  at: number;
  to: string;
  icon: string;
  title: string;
  text: string;
}

const Week = 7 * 86_400_000;

export function Happenings() {
  const all = [...contacts(), ...settled()].filter((h) => now() - h.at < Week).sort((a, b) => b.at - a.at);
  if (all.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t('phone.inbox.good')}</h2>
      <ul class="card is-flush rows">
        {all.map((h) => (
          <li key={h.id}>
            <Link class="row" to={h.to}>
              <Icon name={h.icon} accent={h.icon === 'check'} />
              <span><b>{h.title}</b><span>{h.text}</span></span>
              <Time at={h.at} class="small soft" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** My contacts that somebody took away or moved. */
function contacts(): Happening[] {
  const mine = core.list('contact').value.filter((c) => (c.f.people ?? []).includes(me()) && !c.f.outcome);
  return mine.flatMap((c): Happening[] => {
    const { household } = visitOf(c);
    const place = isProtected(household) ? t('phone.protected') : household?.f.street ?? placeOf(household);
    if (c.f.cancelled) {
      const paid = c.f.cancelled.because === 'paid';
      return [{ id: c.id, at: c.f.cancelled.at, to: `/visit/${c.id}`, icon: 'check', title: t(paid ? 'phone.inbox.paid' : 'phone.inbox.cancelled', { place }), text: cancelledText(c) }];
    }
    return c.f.moved && c.f.moved.by !== me() ? [moved(c, place)] : [];
  });
}

function moved(c: Rec, place: string): Happening {
  const days = daysBetween(now(), c.f.planned_at);
  const when = days === 0 ? clock(c.f.planned_at) : `${longDay(c.f.planned_at)} ${clock(c.f.planned_at)}`;
  return {
    id: c.id, at: c.f.moved.at, to: `/visit/${c.id}`, icon: 'clock',
    title: t('phone.inbox.moved', { place, when }),
    text: c.f.moved.from
      ? t('phone.inbox.moved_from', { name: nameOf(c.f.moved.by), time: clock(c.f.moved.from) })
      : t('phone.inbox.moved_by', { name: nameOf(c.f.moved.by) }),
  };
}

/** Conflicts that I was part of and somebody chose in. */
function settled(): Happening[] {
  return core.list('conflict').value
    .filter((c) => c.f.state === 'settled' && c.f.settled && versionsOf(c).some((v) => v.by === me()))
    .map((c) => {
      const chosen = versionsOf(c).find((v) => v.commit === c.f.choice);
      const by = c.f.settled.by === me() ? t('phone.you_start') : nameOf(c.f.settled.by);
      const target = targetOf(c);
      const place = target && c.f.kind === 'contact' ? placeOf(visitOf(target).household) : '';
      return {
        id: c.id, at: c.f.settled.at, to: `/conflict/${c.id}`, icon: 'check',
        title: t('phone.inbox.settled', { name: by, answer: chosen ? valueText(c, chosen.v) : t('phone.conflict.both') }),
        text: place,
      };
    });
}

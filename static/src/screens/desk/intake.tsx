// The unit's intake of consents: what was given at a door and belongs to social services.
import { Icon, core, lang, session, t } from './env';
import { grouped } from './files';
import { dayAndClock } from './words';
import { list } from '../phone/contacts';
import type { Rec } from '../../core/api';

const signaturesOf = (giving: string) => grouped('signature', 'giving').get(giving) ?? [];

export function Intake() {
  const mine = (r: Rec) => session().person.units.includes(r.f.unit);
  const notices = core.list('notice_in').value.filter(mine).sort((a, b) => b.f.received - a.f.received);
  const givings = core.list('giving').value.filter(mine).sort((a, b) => String(b.f.day).localeCompare(String(a.f.day)));
  return (
    <section class="stack" aria-labelledby="intake">
      <h2 id="intake">{t('desk.intake.title')}</h2>
      {givings.length + notices.length === 0 ? <p class="soft">{t('desk.intake.none')}</p> : (
        <div class="card is-flush rows">
          {notices.map((n) => <Line key={n.id} id={n.id} icon="bell" name={t('desk.intake.notice', { org: n.f.from_name })} state={dayAndClock(n.f.received)} />)}
          {givings.map((g) => <Giving key={g.id} giving={g} />)}
        </div>
      )}
    </section>
  );
}

/** The words for how a consent stands, the least settled of its signers first. */
const states = ['held', 'waiting', 'asked', 'declined', 'open', 'expired', 'ended'];
export const stateOf = (giving: string): string => {
  const found = ((grouped('consent_state', 'giving').get(giving)?.[0]?.f.standings ?? []) as { state: string }[]).map((s) => s.state);
  return states.find((s) => found.includes(s)) ?? 'waiting';
};

function Giving({ giving }: { giving: Rec }) {
  const names = list(signaturesOf(giving.id).map((s) => String(s.f.child ?? s.f.name ?? t('phone.protected')))) || t('desk.intake.no_name');
  const state = stateOf(giving.id);
  return <Line id={giving.id} icon={state === 'ended' ? 'undo' : 'sign'} name={names} state={`${t(`desk.intake_state.${state as 'held'}`)}. ${dayText(giving.f.day)}`} />;
}

function Line({ id, icon, name, state }: { id: string; icon: 'bell' | 'sign' | 'undo'; name: string; state: string }) {
  return (
    <a class="row is-mid" href={`/received/${id}`}>
      <Icon name={icon} />
      <span><b>{name}</b><span class="soft">{state}</span></span>
      <Icon name="right" flip />
    </a>
  );
}

const dayText = (day: string) =>
  new Intl.DateTimeFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(`${day}T12:00`));

// The unit's intake of consents: what was given at a door and belongs to social services.
import { Icon, core, lang, session, t } from './env';
import { grouped } from './files';
import { dayAndClock, unitName } from './words';
import { list } from '../phone/contacts';
import { languageName } from '../phone/language';
import { showNumber } from '../phone/personal_number';
import type { Rec } from '../../core/api';
import type { Strokes } from '../phone/strokes';

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
  const names = list(signaturesOf(giving.id).map((s) => String(s.f.name))) || t('desk.intake.no_name');
  const state = stateOf(giving.id);
  return <Line id={giving.id} icon={state === 'ended' ? 'undo' : 'sign'} name={names} state={`${t(`desk.intake.${state as 'held'}`)}. ${dayText(giving.f.day)}`} />;
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

/** What the tenant said, to what, and who was there. */
export function GivingFacts({ giving }: { giving: Rec }) {
  const given = giving.f.answer === 'given';
  return (
    <>
      <dl class="facts">
        {given && <><dt>{t('desk.intake.partners')}</dt><dd>{partnersOf(giving)}</dd></>}
        <dt>{t('desk.intake.place')}</dt><dd>{[giving.f.place, dayText(giving.f.day)].filter(Boolean).join(', ')}</dd>
        {giving.f.valid_until && <><dt>{t('desk.intake.until')}</dt><dd>{dayText(giving.f.valid_until)}</dd></>}
        <dt>{t('desk.intake.by')}</dt><dd>{giving.f.collected_by}</dd>
        {giving.f.witness && <><dt>{t('desk.intake.witness')}</dt><dd>{giving.f.witness}</dd></>}
        <dt>{t('desk.intake.unit')}</dt><dd>{unitName(giving.f.unit)}</dd>
        {giving.f.wording && <><dt>{t('desk.intake.wording')}</dt><dd>{t('desk.intake.version', { n: giving.f.wording.version, language: languageName(giving.f.wording.language) })}</dd></>}
      </dl>
      {signaturesOf(giving.id).map((s) => <Signature key={s.id} signature={s} />)}
    </>
  );
}

function partnersOf(giving: Rec): string {
  const ticked = (giving.f.partners ?? []) as string[];
  const named = ticked.map((p) => (p === 'other' && giving.f.other_partner ? giving.f.other_partner : t(`desk.partner.${p as 'landlord'}`)));
  return list(named) || t('desk.intake.nobody');
}

function Signature({ signature: s }: { signature: Rec }) {
  return (
    <div class="stack tight">
      {s.f.how === 'drawn' && Array.isArray(s.f.strokes) && <Drawn strokes={s.f.strokes} name={s.f.name} />}
      <p><b>{s.f.name}</b>{s.f.personal_number && <span class="num"> {showNumber(s.f.personal_number)}</span>}<span class="sub small soft">{t(`desk.signed.${s.f.how as 'drawn'}`)} {dayAndClock(s.f.at)}</span></p>
    </div>
  );
}

/** The strokes as they were drawn; x and y are thousandths of the pad's width. */
function Drawn({ strokes, name }: { strokes: Strokes; name: string }) {
  const path = strokes.map((line) => line.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('')).join('');
  const bottom = Math.max(200, ...strokes.flat().map(([, y]) => y + 20));
  return (
    <svg class="signature" viewBox={`0 0 1000 ${bottom}`} role="img" aria-label={t('desk.intake.signature_of', { name })}>
      <path d={path} />
    </svg>
  );
}

const dayText = (day: string) =>
  new Intl.DateTimeFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(`${day}T12:00`));

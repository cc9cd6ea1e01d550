// Inbox: what needs me, what waits for someone else, what could not be saved, what is good to know.
import { clock, core, Icon, Link, longDay, me, Nav, now, Screen, shortDay, StepLine, SyncBadge, t, Time, timesForMe, TopBar } from '../ui';
import { Happenings } from './phone/inbox_happened';
import { NotSaved } from './phone/not_saved';
import { householdOf, isProtected, placeOf, visitOf } from './phone/contacts';
import { concernsMe, conflictTitle, open } from './phone/conflicts';
import { Trouble } from './phone/parts';
import { useSave } from './phone/use_save';
import type { Rec } from '../core/api';

export default function Inbox() {
  const alerts = unseenAlerts();
  const conflicts = core.list('conflict').value.filter(open).filter(concernsMe);
  const held = core.items.value.filter((i) => i.step.step === 'held');
  const refused = core.items.value.filter((i) => i.step.step === 'refused' || i.step.step === 'lost');
  const found = core.list('found').value.filter((r) => r.f.state === 'open').length;
  const times = timesForMe();
  return (
    <Screen title={t('phone.inbox.title')} nav={<Nav at="/inbox" />} top={<TopBar><div class="stack tight"><h1>{t('phone.inbox.title')}</h1><SyncBadge /></div></TopBar>}>
      <NeedsYou alerts={alerts} conflicts={conflicts} found={found} times={times} />
      {held.length > 0 && (
        <section class="stack">
          <h2>{t('phone.inbox.waits')}</h2>
          <ul class="card is-flush rows">
            {held.map((i) => (
              <li key={i.commit} class="row">
                <Icon name="wait" />
                <span><b>{t(isConsent(i.changes) ? 'phone.inbox.held_consent' : 'phone.inbox.held')}</b><StepLine step={i.step} /></span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <NotSaved items={refused} />
      <Happenings />
      {alerts.length + conflicts.length + found + times.length + held.length + refused.length === 0 && <Calm />}
    </Screen>
  );
}

/** Alerts for me that nobody has taken yet, the newest first. */
const unseenAlerts = () =>
  core.list('alert').value
    .filter((a) => !a.f.seen && (a.f.people ?? []).includes(me()))
    .sort((a, b) => b.f.raised - a.f.raised);

const isConsent = (changes: { kind: string }[]) => changes.some((c) => c.kind === 'giving' || c.kind === 'withdrawal');

function NeedsYou({ alerts, conflicts, found, times }: { alerts: Rec[]; conflicts: Rec[]; found: number; times: Rec[] }) {
  if (alerts.length + conflicts.length + found + times.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t('phone.inbox.needs_you')}</h2>
      <ul class="card is-flush rows">
        {alerts.map((a, i) => <Alert key={a.id} alert={a} first={i === 0} />)}
        {conflicts.map((c) => <ConflictRow key={c.id} conflict={c} />)}
        {times.map((time) => <JointTime key={time.id} time={time} />)}
        {found > 0 && <li><Link class="row" to="/found"><Icon name="inbox" /><b>{t('phone.inbox.found', { count: found })}</b><Icon name="right" flip /></Link></li>}
      </ul>
    </section>
  );
}

function Alert({ alert, first }: { alert: Rec; first: boolean }) {
  const saver = useSave();
  const kase = core.get('case', alert.f.case);
  const { household } = householdOf(alert.f.household);
  const at = kase?.f.eviction_at as number | undefined;
  const seen = () => saver.save([{ kind: 'alert', record: alert.id, fields: { seen: { by: me(), at: now() } } }]);
  return (
    <li>
      <Link class="row" to={`/case/${alert.f.case}`}>
        <Icon name="bell" soon />
        <span>
          <b>{at ? t('phone.inbox.eviction', { day: longDay(at), time: clock(at) }) : t('phone.inbox.eviction_notice')}</b>
          <span>{[isProtected(household) ? t('phone.protected') : placeOf(household), household?.f.children ? t('phone.reason.children') : ''].filter(Boolean).join('. ')}</span>
        </span>
        <Icon name="right" flip />
      </Link>
      <div class="more stack tight">
        <Trouble problem={saver.problem} />
        <button class={first ? 'btn is-primary is-block' : 'btn is-block'} type="button" onClick={seen}>{t('phone.inbox.seen')}</button>
        <p class="small soft">{t('phone.inbox.raised')} <Time at={alert.f.raised} /></p>
      </div>
    </li>
  );
}

function ConflictRow({ conflict }: { conflict: Rec }) {
  const target = conflict.f.kind === 'contact' ? core.get('contact', conflict.f.record) : undefined;
  const place = target ? placeOf(visitOf(target).household) : '';
  return (
    <li>
      <Link class="row" to={`/conflict/${conflict.id}`}>
        <Icon name="split" soon />
        <span><b>{conflictTitle(conflict)}</b><span>{[place, t('phone.inbox.choose')].filter(Boolean).join('. ')}</span></span>
        <Icon name="right" flip />
      </Link>
    </li>
  );
}

/** The other organisation proposes a time, or has called one off. */
function JointTime({ time: { id, room: through, f } }: { time: Rec }) {
  const room = core.list('room').value.find((r) => through!.startsWith(`${r.f.room}.`));
  if (!room) return null;
  const at = f.planned_at as number;
  const { household } = householdOf(room.f.household);
  return (
    <li>
      <Link class="row" to={`/case/${room.f.case}/time/${f.answers || id}`}>
        <Icon name="calendar" />
        <span><b>{t(f.state === 'cancelled' ? 'phone.inbox.time_off' : f.answers ? 'phone.inbox.time_other' : 'phone.inbox.time', { other: room.f.other_name, when: `${shortDay(at)} ${clock(at)}` })}</b><span>{isProtected(household) ? t('phone.protected') : placeOf(household)}</span></span>
        <Icon name="right" flip />
      </Link>
    </li>
  );
}

const Calm = () => (
  <div class="card empty"><Icon name="inbox" /><h2>{t('phone.inbox.calm')}</h2><p>{t('phone.inbox.calm_text')}</p></div>
);

// Alarms to those on call: an eviction was set. Each is taken by saying "Jag har sett det".
import { Icon, core, me, now, session, t } from './env';
import { evictionWhen } from './history';
import { inDays } from './reasons';
import { fileOf } from './files';
import { Trouble, useCommit } from './parts';
import { whenWord, who } from './words';
import { list } from '../phone/contacts';
import { daysBetween } from '../phone/when';
import type { Rec } from '../../core/api';

const mine = (alert: Rec) =>
  ((alert.f.people ?? []) as string[]).includes(me()) || session().person.units.includes(alert.f.unit);

const evictionAt = (alert: Rec): number => core.get('case', alert.f.case)?.f.eviction_at ?? alert.f.raised;

/** Alarms that nobody has taken, the nearest eviction first. */
const unseen = (): Rec[] => core.list('alert').value.filter((a) => !a.f.seen && mine(a)).sort((a, b) => evictionAt(a) - evictionAt(b));

/** On the list: one line per alarm, leading to the case. */
export function Alerts() {
  return (
    <>
      {unseen().map((alert) => {
        const kase = core.get('case', alert.f.case);
        const file = kase && fileOf(kase);
        return (
          <a key={alert.id} class="banner is-soon" href={`/case/${alert.f.case}`}>
            <Icon name="bell" />
            <span class="grow"><b>{alertText(kase)}</b>{file && !file.hidden ? [file.place, file.names].filter(Boolean).join('. ') : t('desk.hidden')}</span>
            <Icon name="right" flip />
          </a>
        );
      })}
    </>
  );
}

function alertText(kase?: Rec): string {
  const at = kase?.f.eviction_at as number | undefined;
  if (!at) return t('desk.alert.eviction');
  return t('desk.alert.eviction_when', { when: evictionWhen(at), days: inDays(Math.max(0, daysBetween(now(), at))) });
}

/** Whom it went to, oneself first. That a phone has shown it nobody knows, so nobody says so. */
const calledTo = (alert: Rec): string =>
  list([...((alert.f.people ?? []) as string[])].sort((a, b) => Number(b === me()) - Number(a === me())).map(who));

/** On the case: take it, and see who took it. */
export function AlertBanner({ alert, kase, primary }: { alert: Rec; kase: Rec; primary: boolean }) {
  const { problem, busy, write } = useCommit();
  if (alert.f.seen)
    return <p class="banner is-good"><Icon name="check" /><span>{t('desk.alert.seen', { who: who(alert.f.seen.by), when: whenWord(alert.f.seen.at) })}</span></p>;
  const see = () => write([{ kind: 'alert', record: alert.id, fields: { seen: { by: me(), at: Date.now() } } }]);
  return (
    <div class="stack">
      <div class="banner is-soon" role="status">
        <Icon name="bell" />
        <div class="stack tight grow">
          <b>{alertText(kase)}</b>
          <p>{t('desk.alert.raised', { when: whenWord(alert.f.raised), who: calledTo(alert) })}</p>
          {mine(alert) && <button class={primary ? 'btn is-primary' : 'btn'} type="button" aria-disabled={busy} onClick={() => !busy && see()}>{t('desk.alert.see')}</button>}
        </div>
      </div>
      <Trouble problem={problem} />
    </div>
  );
}

// The shared month: which rent it is about, and the five steps with today's place in them.
import { useEffect, useState } from 'preact/hooks';
import { core, Icon, lang, n, now, session, t } from './env';
import { capital, dayAndClock, monthName, monthOfDue, writes } from './words';
import { daysBetween } from '../phone/when';

export interface Month {
  profile: string;
  name: string | { sv: string; en: string };
  due: string;
  today: string;
  day: number;
  steps: { day: number; id: string; title: { sv: string; en: string }; count: number }[];
}

let kept: Month | null = null; // shown at once next time, renewed behind it

/** The month as the server counts it; null while it is unknown (offline, or not ours to see). */
export function useMonth(): Month | null {
  const [month, setMonth] = useState<Month | null>(kept);
  const lists = newestList(); // a new list changes the counts
  const live = core.sync.value.phase === 'live';
  useEffect(() => {
    if (session().org.kind !== 'landlord' || !live) return;
    let gone = false;
    core.fetchJSON<Month>('/api/method').then(
      (found) => { if (!gone) setMonth((kept = found)); },
      () => undefined, // the strip is a help: without it the list still works
    );
    return () => { gone = true; };
  }, [lists, live]);
  return session().org.kind === 'landlord' ? month : null;
}

/** As of when the newest list that was taken in is. */
export const newestList = (): number => Math.max(0, ...core.list('late_list').value.map((l) => Number(l.f.as_of ?? 0)));

/** The due day of the newest rent that somebody owes, when the server cannot be asked. */
function dueHere(): string | null {
  const days = core.list('claim').value.map((c) => c.f.due as string).filter(Boolean);
  return days.length > 0 ? days.reduce((a, b) => (a > b ? a : b)) : null;
}

export function MonthTitle({ month }: { month: Month | null }) {
  const due = month?.due ?? dueHere();
  const list = newestList();
  if (!due) return <div><h1>{t('desk.cases.title')}</h1><p class="soft">{list ? t('desk.month.list', { when: dayAndClock(list) }) : writes() && t('desk.month.no_list')}</p></div>;
  const at = new Date(`${due}T12:00`).getTime();
  const day = month?.day ?? daysBetween(at, now());
  return (
    <div>
      <h1>{t('desk.month.title', { month: capital(monthName(monthOfDue(due))) })}</h1>
      <p class="soft">
        {t('desk.month.due', { day: dueDay(due) })} {t('desk.month.day', { n: day })} {list > 0 && t('desk.month.list', { when: dayAndClock(list) })}
      </p>
    </div>
  );
}

const dueDay = (due: string) =>
  new Intl.DateTimeFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { day: 'numeric', month: 'long' }).format(new Date(`${due}T12:00`));

/** The steps: filled is past, the ring is where we are, hollow is to come. */
export function Strip({ month, wide }: { month: Month; wide: boolean }) {
  const current = month.steps.reduce((at, s, i) => (s.day <= month.day ? i : at), -1);
  const here = month.steps[current];
  const list = (
    <ol class="card is-flush strip" aria-label={t('desk.month.strip')}>
      {month.steps.map((s, i) => (
        <li key={s.id} class={i < current ? 'past' : i === current ? 'now' : undefined} aria-current={i === current ? 'step' : undefined}>
          <StepText step={s} month={month} />
        </li>
      ))}
    </ol>
  );
  if (wide) return list;
  return ( // on a phone the people come first: only today's step, the others on a tap
    <details class="card is-flush fold">
      <summary><Icon name="calendar" /><span>{here ? <StepText step={here} month={month} /> : <b>{t('desk.month.strip')}</b>}</span><Icon name="down" turn /></summary>
      {list}
    </details>
  );
}

const StepText = ({ step: s, month }: { step: Month['steps'][number]; month: Month }) => (
  <>
    <b>{t('desk.month.step', { day: s.day, title: s.title[lang()] })}</b>
    <span class="small sub">{n('desk.month.count', s.count)}{s.day === month.day && `. ${t('desk.month.today')}`}</span>
  </>
);

/** A first or long fetch: what comes first is already here. */
export function Fetching() {
  const fetch = core.sync.value.fetch;
  if (!fetch || fetch.total < 50) return null;
  return (
    <div class="card stack">
      <h2 id="fetch">{t('desk.fetch.title')}</h2>
      <progress max={fetch.total} value={fetch.done} aria-labelledby="fetch" />
      <p class="soft">{t('desk.fetch.text', { done: fetch.done, total: fetch.total })}</p>
    </div>
  );
}

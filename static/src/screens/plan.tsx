// The planning board: which households, who goes, and when. Below: how the day goes.
import { useEffect, useState } from 'preact/hooks';
import { core, Icon, n, newId, StepLine, t } from './desk/env';
import { Page } from './desk/page';
import { DayBoard } from './desk/day_board';
import { openFiles, today, type File } from './desk/files';
import { PickList } from './desk/pick_list';
import { picked, pickOnly } from './desk/picked';
import { asProblem, Sees, Trouble } from './desk/parts';
import { dealt, PlanTimes, useTimes, type Times } from './desk/plan_times';
import { whoSees, writes } from './desk/words';
import { instant } from './desk/spread';
import { Net } from './phone/parts';
import type { Problem } from '../core/api';
import type { ScreenProps } from '../ui/router';

export default function Plan({ query }: ScreenProps) {
  const asked = query.get('case');
  useChosen(asked);
  const open = openFiles();
  const chosen = open.filter((f) => picked.value.has(f.kase.id));
  const times = useTimes(chosen.map((f) => f.kase.id));
  const saving = usePlanning(chosen, times);
  if (!writes()) return <Page at="/plan" title={t('desk.plan.title')}><h1>{t('desk.plan.title')}</h1><p>{t('desk.plan.read_only')}</p><DayBoard day={today()} /></Page>;
  return (
    <Page at="/plan" title={t('desk.plan.title')}>
      <header><h1>{t('desk.plan.title')}</h1><p class="soft">{t('desk.plan.lead')}</p></header>
      <Net />
      <div class="split plan">
        <PickList files={open} />
        <section class="stack wide" aria-labelledby="times">
          <h2 id="times">{t('desk.plan.times')}</h2>
          {open.length > 0 && <Sees row="contact">{whoSees((chosen[0] ?? open[0]).kase.f.unit, times.people)}</Sees>}
          <PlanTimes times={times} files={chosen} />
          <StepLine step={times.kept} />
        </section>
      </div>
      <p role="status" id="planned" class={saving.done ? 'banner is-good' : 'sr'}>{saving.done > 0 && <><Icon name="check" /><span>{n('desk.plan.done', saving.done)}</span></>}</p>
      <DayBoard day={times.day} />
      {chosen.length > 0 && (
        <section class="bar" aria-label={t('desk.plan.bar')}>
          <div class="grow">
            {saving.wrong ? <p class="wrong-line" role="alert"><Icon name="alert" />{saving.wrong}</p> : <p class="soft">{n('desk.plan.chosen', chosen.length)}</p>}
            <Trouble problem={saving.problem} />
          </div>
          <button class="btn" type="button" onClick={() => pickOnly([])}>{t('desk.plan.clear')}</button>
          <button class="btn is-primary" type="button" aria-disabled={saving.busy} onClick={() => void saving.save()}>{n('desk.plan.save', chosen.length)}</button>
        </section>
      )}
    </Page>
  );
}

/** Whom it is for: the household that was asked for, or those that were chosen before the lock. */
function useChosen(asked: string | null): void {
  const draft = core.draft('plan-chosen');
  useState(() => {
    if (asked) pickOnly([asked]);
    else if (picked.peek().size === 0 && draft.text.peek()) pickOnly(draft.text.peek().split(' '));
  });
  useEffect(() => draft.set([...picked.value].join(' ')), [picked.value]);
}

/** Writes one commit per visit, so that one that cannot be kept never takes the others along. */
function usePlanning(chosen: File[], times: Times) {
  const [state, set] = useState<{ busy: boolean; done: number; wrong: string; problem: Problem | null }>({ busy: false, done: 0, wrong: '', problem: null });
  const save = async () => {
    if (state.busy) return;
    const wrong = missing(times);
    if (wrong) return set({ busy: false, done: 0, wrong, problem: null });
    set({ busy: true, done: 0, wrong: '', problem: null });
    let done = 0;
    let problem: Problem | null = null;
    for (const [i, file] of chosen.entries()) {
      try {
        await core.commit([{ kind: 'contact', record: newId(), fields: visitFields(file, i, times) }]);
        done++;
      } catch (e) {
        problem = asProblem(e);
        break;
      }
    }
    pickOnly(chosen.slice(done).map((f) => f.kase.id));
    if (!problem) await times.clear();
    set({ busy: false, done, wrong: '', problem });
    if (done > 0) requestAnimationFrame(() => document.getElementById('planned')?.scrollIntoView({ block: 'center' }));
  };
  return { ...state, save };
}

function missing(times: Times): string {
  if (times.people.length === 0) return t('desk.plan.no_people');
  if (!times.day || instant(times.day, 0) === null) return t('desk.plan.no_day');
  return times.rows.some((r) => r === null) ? t('desk.plan.no_time') : '';
}

function visitFields(file: File, i: number, times: Times): Record<string, unknown> {
  const people = dealt(times, i);
  return {
    household: file.kase.f.household, case: file.kase.id, form: 'visit', purpose: 'home_visit',
    planned_at: instant(times.day, times.rows[i]!)!, people, ...(times.message.trim() && { message: times.message.trim() }),
  };
}

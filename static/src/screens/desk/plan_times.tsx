// Who goes and when: a start and a step spread the times, each can be changed.
import { useState } from 'preact/hooks';
import { me, now, t } from './env';
import { Goers } from './plan_form';
import { clockText, minutesOf, spread, startFor, instant } from './spread';
import { today, type File } from './files';
import { colleagues, isSocial } from './words';
import { firstNameOf } from '../phone/contacts';
import { useEdit } from '../../ui/draft';
import type { Step } from '../../core/api';

export interface Times {
  people: string[];
  shared: boolean; // everyone goes to all; else the visits are dealt out
  day: string;
  start: string; // of the time field
  step: number;
  rows: (number | null)[]; // minutes since midnight, one per household
  message: string;
  set(change: Partial<Fields>): void;
  setRow(kase: string, clock: string): void;
  clear(): Promise<void>; // when all of it is planned
  kept: Step | null;
}
/** What is typed: a draft. `own` are times that were changed by hand. */
type Typed = Fields & { touched: boolean; own: Record<string, string> };
type Fields = Pick<Times, 'people' | 'shared' | 'day' | 'start' | 'step' | 'message'>;

const steps = [15, 20, 30, 45, 60];
const minuteNow = () => new Date(now()).getHours() * 60 + new Date(now()).getMinutes();

/** The one caretaker there is, chosen in advance; several are chosen by hand. */
function likely(): string[] {
  const roles = isSocial() ? ['social_worker', 'child_worker'] : ['caretaker'];
  const all = colleagues(roles).map((c) => c.id);
  return isSocial() && all.includes(me()) ? [me()] : all.length === 1 ? all : [];
}

export function useTimes(kases: string[]): Times {
  const { values, set, clear, step: kept } = useEdit<Typed>('plan-times', { people: likely(), shared: true, day: today(), start: '', step: 30, message: '', touched: false, own: {} });
  const { own, ...typed } = values;
  const fields = typed.day < today() ? { ...typed, day: today() } : typed; // begun on an earlier day
  const [begun] = useState(minuteNow); // the proposal does not move while one is choosing
  const lanes = fields.shared || fields.people.length < 2 ? 1 : fields.people.length;
  const turns = Math.ceil(kases.length / lanes);
  const proposed = startFor(begun, fields.step, turns, fields.day === today());
  const start = fields.touched ? minutesOf(fields.start) : proposed;
  const even = start === null ? null : spread(start, fields.step, turns);
  const rows = kases.map((kase, i) => (kase in own ? minutesOf(own[kase]) : even && even[Math.floor(i / lanes)]));
  return {
    ...fields, rows,
    start: fields.touched ? fields.start : clockText(proposed),
    set: (change) => set({ ...change, ...('start' in change && { touched: true }), ...(('start' in change || 'step' in change || 'day' in change) && { own: {} }) }),
    setRow: (kase, clock) => set({ own: { ...own, [kase]: clock } }),
    clear,
    kept,
  };
}

/** Who goes to the i-th household: everyone, or whose turn it is. */
export const dealt = (times: Times, i: number): string[] =>
  times.shared || times.people.length < 2 ? times.people : [times.people[i % times.people.length]];

export function PlanTimes({ times, files }: { times: Times; files: File[] }) {
  const unit = files[0]?.kase.f.unit;
  return (
    <>
      <Goers people={times.people} onChange={(people) => times.set({ people })} unit={unit} />
      {times.people.length > 1 && (
        <fieldset class="field">
          <legend>{t('desk.plan.how')}</legend>
          {[true, false].map((shared) => (
            <label key={String(shared)} class="pick"><input type="radio" name="shared" checked={times.shared === shared} onChange={() => times.set({ shared })} /><span>{t(shared ? 'desk.plan.together' : 'desk.plan.share')}</span></label>
          ))}
        </fieldset>
      )}
      <div class="pair">
        <div class="field"><label for="day">{t('desk.plan.day')}</label><input class="input" id="day" type="date" value={times.day} onInput={(e) => times.set({ day: e.currentTarget.value })} /></div>
        <div class="field"><label for="start">{t('desk.plan.start')}</label><input class="input" id="start" type="time" value={times.start} onInput={(e) => times.set({ start: e.currentTarget.value })} /></div>
        <div class="field"><label for="step">{t('desk.plan.step')}</label>
          <select class="input" id="step" value={times.step} onChange={(e) => times.set({ step: Number(e.currentTarget.value) })}>{steps.map((s) => <option key={s} value={s}>{t('desk.plan.minutes', { n: s })}</option>)}</select>
        </div>
      </div>
      <Rows times={times} files={files} />
      <div class="field">
        <label for="greeting">{t('desk.plan_form.message')}</label>
        <p class="hint" id="greeting-hint">{t('desk.plan.message_hint')}</p>
        <textarea class="input" autocomplete="off" id="greeting" rows={2} maxLength={1000} aria-describedby="greeting-hint" value={times.message} onInput={(e) => times.set({ message: e.currentTarget.value })} />
      </div>
    </>
  );
}

function Rows({ times, files }: { times: Times; files: File[] }) {
  if (files.length === 0) return <p class="soft">{t('desk.plan.pick_first')}</p>;
  const past = files.some((_, i) => times.rows[i] !== null && (instant(times.day, times.rows[i]!) ?? Infinity) < now());
  return (
    <div class="stack tight">
      <h3>{t('desk.plan.order')}</h3>
      {past && <p class="small soft">{t('desk.plan.past')}</p>}
      <ol class="card is-flush rows">
        {files.map((f, i) => {
          const name = f.hidden ? t('desk.hidden') : f.place;
          const going = dealt(times, i);
          return (
            <li key={f.kase.id} class="timed">
              <input class="input num" type="time" aria-label={t('desk.plan.time_for', { place: name })} value={times.rows[i] === null ? '' : clockText(times.rows[i]!)} onInput={(e) => times.setRow(f.kase.id, e.currentTarget.value)} />
              <span><b>{name}</b><span class="sub small soft">{f.hidden ? '' : f.names}{!times.shared && going.length === 1 && ` · ${firstNameOf(going[0])}`}</span></span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

// When, who and a word along: the fields of a planned contact.
import { useState } from 'preact/hooks';
import { core, Icon, me, now, session, StepLine, t } from './env';
import { colleagues, isSocial } from './words';
import { useDraft, useEdit, type DraftForm } from '../../ui/draft';
import type { Rec, Step } from '../../core/api';
import { nameOf } from '../phone/contacts';
import { fromInput, toInput, atHour, hourOf } from '../phone/when';

export interface Planned {
  form: 'visit' | 'call';
  at: number;
  people: string[];
  message: string;
}

interface Fields {
  form: 'visit' | 'call';
  when: string; // of the datetime field
  people: string[];
  message: string;
}

export interface Plan extends Fields {
  wrong: { when?: string; people?: string };
  set(change: Partial<Fields>): void;
  say(wrong: Plan['wrong']): void;
  step: Step | null;
  clear(): Promise<void>; // when it was written, or given up
}

/** The next full hour, on a workday's hours. */
const soon = () => {
  const hour = hourOf(now()) + 1;
  return hour < 9 ? atHour(now(), 0, 9) : hour > 19 ? atHour(now(), 1, 9) : atHour(now(), 0, hour);
};

/** A new plan. The fields are a draft: there again after the lock, and where a refused plan is put right. */
export const usePlan = (key: string, at?: number): Plan =>
  useSaid(useDraft<Fields>(key, () => ({ form: 'visit', when: toInput(at ?? soon()), people: [], message: '' })));

/** What is planned, to be changed. */
export const useMove = (key: string, { f }: Rec): Plan =>
  useSaid(useEdit<Fields>(key, { form: 'visit', when: toInput(f.planned_at ?? soon()), people: f.people ?? [], message: f.message ?? '' }));

function useSaid({ values, set, clear, step }: DraftForm<Fields>): Plan {
  const [wrong, say] = useState<Plan['wrong']>({});
  return { ...values, wrong, set, say, clear, step };
}

/** What the fields hold, or null after saying beside them what is missing. */
export function readPlan(plan: Plan): Planned | null {
  const at = fromInput(plan.when);
  const wrong = { when: at ? undefined : t('desk.plan_form.no_time'), people: plan.people.length > 0 ? undefined : t('desk.plan_form.no_people') };
  plan.say(wrong);
  return at && !wrong.people ? { form: plan.form, at, people: plan.people, message: plan.message.trim() } : null;
}

export const Wrongs = ({ id, text }: { id: string; text?: string }) =>
  text ? <p class="wrong" id={id}><Icon name="alert" />{text}</p> : null;

export function PlanFields({ plan, unit, withForm = false }: { plan: Plan; unit?: string; withForm?: boolean }) {
  return (
    <>
      {withForm && (
        <fieldset class="field">
          <legend>{t('desk.plan_form.what')}</legend>
          <div class="pair">
            {(['visit', 'call'] as const).map((form) => (
              <label key={form} class="pick"><input type="radio" name="form" checked={plan.form === form} onChange={() => plan.set({ form })} /><span>{t(`desk.plan_form.${form}`)}</span></label>
            ))}
          </div>
        </fieldset>
      )}
      <div class="field">
        <label for="when">{t('desk.plan_form.when')}</label>
        <Wrongs id="when-wrong" text={plan.wrong.when} />
        <input class="input" id="when" type="datetime-local" value={plan.when} aria-invalid={plan.wrong.when ? 'true' : undefined} aria-describedby={plan.wrong.when ? 'when-wrong' : undefined} onInput={(e) => plan.set({ when: e.currentTarget.value })} />
      </div>
      <Goers people={plan.people} onChange={(people) => plan.set({ people })} wrong={plan.wrong.people} unit={unit} />
      <div class="field">
        <label for="message">{t('desk.plan_form.message')}</label>
        <p class="hint" id="message-hint">{t('desk.plan_form.message_hint')}</p>
        <textarea class="input" autocomplete="off" id="message" rows={2} maxLength={1000} aria-describedby="message-hint" value={plan.message} onInput={(e) => plan.set({ message: e.currentTarget.value })} />
      </div>
      <StepLine step={plan.step} />
    </>
  );
}

const visitors = () => (isSocial() ? ['social_worker', 'child_worker'] : ['caretaker', 'coordinator', 'collections']);

/** Who goes: colleagues of the unit, oneself first. */
export function Goers({ people, onChange, wrong, unit }: { people: string[]; onChange: (to: string[]) => void; wrong?: string; unit?: string }) {
  const list = colleagues(visitors(), unit);
  const self = list.filter((c) => c.id === me());
  const rest = list.filter((c) => c.id !== me());
  const others = people.filter((id) => !list.some((c) => c.id === id)); // of another unit, or they have left: they can be taken off
  const flip = (id: string) => onChange(people.includes(id) ? people.filter((p) => p !== id) : [...people, id]);
  return (
    <fieldset class="field" aria-describedby={wrong ? 'goers-wrong' : undefined}>
      <legend>{t('desk.plan_form.who')}</legend>
      <Wrongs id="goers-wrong" text={wrong} />
      <div class="pair">
        {[...rest, ...self].map((c) => (
          <label key={c.id} class="pick"><input type="checkbox" checked={people.includes(c.id)} onChange={() => flip(c.id)} /><span>{c.id === me() ? t('desk.plan_form.me', { name: session().person.name }) : c.f.name}<small>{c.f.title}</small></span></label>
        ))}
        {others.map((id) => (
          <label key={id} class="pick"><input type="checkbox" checked onChange={() => flip(id)} /><span>{nameOf(id)}{core.get('colleague', id)?.f.active === false && <small>{t('desk.plan_form.left')}</small>}</span></label>
        ))}
      </div>
    </fieldset>
  );
}

// What is planned in a case: move it, change who goes, take it away, write how it went, plan a new one.
import { core, Icon, me, newId, now, t } from './env';
import { ItemState } from './page';
import { Inline, Trouble, useCommit, When } from './parts';
import { conflictOn, isAhead, ofCase, type File } from './files';
import { PlanFields, readPlan, useMove, usePlan, type Planned } from './plan_form';
import { AnswerForm } from './answer';
import { evictionWhen } from './history';
import { inDays } from './reasons';
import { capital, contactWord, goers, who, whenWord, whoSees, writes } from './words';
import { daysBetween } from '../phone/when';
import type { Forms } from '../case';
import type { Rec } from '../../core/api';

/** `told`: an alarm above says the day of the eviction already. */
export function Ahead({ file, forms, primary, told }: { file: File; forms: Forms; primary: boolean; told: boolean }) {
  const { kase } = file;
  const contacts = ofCase('contact', kase.id);
  const ahead = contacts.filter(isAhead).sort((a, b) => a.f.planned_at - b.f.planned_at);
  const wished = ahead.length === 0 ? wishOf(contacts) : undefined;
  const closed = kase.f.status === 'closed';
  return (
    <section class="stack" aria-labelledby="ahead">
      <h2 id="ahead">{t('desk.ahead.title')}</h2>
      {!told && kase.f.eviction_at > now() && <EvictionLine at={kase.f.eviction_at} />}
      {ahead.length > 0 ? (
        <ul class="card is-flush rows">{ahead.map((c) => <Planned_ key={c.id} contact={c} forms={forms} />)}</ul>
      ) : (
        <p class="soft">{t('desk.ahead.nothing')}{wished && ` ${t('desk.ahead.wish', { when: whenWord(wished.f.next_at), who: who(wished.f.outcome.by) })}`}</p>
      )}
      {writes() && !closed && (forms.open === 'plan' ? (
        <NewContact kase={kase} at={wished?.f.next_at} onClose={() => forms.show(null)} />
      ) : (
        <div><button class={primary ? 'btn is-primary' : 'btn'} type="button" onClick={() => forms.show('plan')}><Icon name="plus" small />{t('desk.ahead.plan')}</button></div>
      ))}
    </section>
  );
}

/** The newest answer's wish for a next attempt, while nothing is planned. */
const wishOf = (contacts: Rec[]) =>
  contacts.filter((c) => c.f.outcome && c.f.next_at > now()).sort((a, b) => b.f.outcome.at - a.f.outcome.at)[0];

const EvictionLine = ({ at }: { at: number }) => (
  <p class="banner is-soon"><Icon name="calendar" /><span><b>{t('desk.ahead.eviction')}</b>{t('desk.ahead.eviction_when', { when: capital(evictionWhen(at)), days: inDays(daysBetween(now(), at)) })}</span></p>
);

function Planned_({ contact: c, forms }: { contact: Rec; forms: Forms }) {
  const { problem, write } = useCommit();
  const name = `${contactWord(c)} ${whenWord(c.f.planned_at)}`;
  const conflict = conflictOn(c.id);
  const cancel = () => write([{ kind: 'contact', record: c.id, fields: { cancelled: { because: 'other', by: me(), at: Date.now() } } }]);
  return (
    <li class="stack planned">
      <div class="head">
        <p><b>{contactWord(c)} <When at={c.f.planned_at} /></b>
          <span class="sub soft">{goers(c) || t('desk.ahead.nobody')}</span>
          {c.f.moved?.from && <span class="sub small soft">{t('desk.ahead.moved', { from: whenWord(c.f.moved.from), who: who(c.f.moved.by) })}</span>}
          {c.f.appointment && <a class="sub small" href={`/case/${c.f.case}/time/${c.f.appointment}`}>{t('desk.ahead.joint')}</a>}
          {c.f.message && <span class="sub small">{t('desk.ahead.message', { text: c.f.message })}</span>}
        </p>
        <ItemState record={c.id} />
      </div>
      {conflict && <a class="link" href={`/conflict/${conflict.id}`}>{t('desk.log.two_answers')}</a>}
      {writes() && (
        <div class="cluster" role="group" aria-label={name}>
          <button class="btn is-small" type="button" aria-expanded={forms.open === `answer:${c.id}`} onClick={() => forms.show(`answer:${c.id}`)}>{t('desk.ahead.answer')}</button>
          <button class="btn is-small" type="button" aria-expanded={forms.open === `move:${c.id}`} onClick={() => forms.show(`move:${c.id}`)}>{t('desk.ahead.move')}</button>
          <button class="btn is-small" type="button" onClick={cancel}>{t('desk.ahead.cancel')}</button>
        </div>
      )}
      <Trouble problem={problem} />
      {forms.open === `move:${c.id}` && <Move contact={c} onClose={() => forms.show(null)} />}
      {forms.open === `answer:${c.id}` && <AnswerForm contact={c} onClose={() => forms.show(null)} />}
    </li>
  );
}

/** Another time or other people. The time is written with where it came from, so that the visitor is told. */
function Move({ contact, onClose: away }: { contact: Rec; onClose: () => void }) {
  const { problem, write } = useCommit();
  const plan = useMove(`move:${contact.id}`, contact);
  const unit = core.get('case', contact.f.case)?.f.unit;
  const onClose = closing(plan, away);
  const save = async () => {
    const read = readPlan(plan);
    if (!read) return;
    const fields = changed(contact, read);
    if (Object.keys(fields).length === 0) return onClose();
    if (await write([{ kind: 'contact', record: contact.id, fields }])) onClose();
  };
  return (
    <Inline title={t('desk.move.title', { what: contactWord(contact) })} save={t('desk.move.save')} onSave={save} onClose={onClose} problem={problem} row="contact" sees={whoSees(unit, plan.people)}>
      <PlanFields plan={plan} unit={unit} />
    </Inline>
  );
}

/** What was written, or given up, is no draft any more. */
const closing = (form: { clear(): Promise<void> }, away: () => void) => () => {
  void form.clear();
  away();
};

function changed(contact: Rec, read: Planned): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const people = (contact.f.people ?? []) as string[];
  if (read.at !== contact.f.planned_at) {
    fields.planned_at = read.at;
    fields.moved = { from: contact.f.planned_at ?? 0, by: me(), at: Date.now() };
  }
  if (read.people.length !== people.length || read.people.some((p) => !people.includes(p))) fields.people = read.people;
  if (read.message !== (contact.f.message ?? '')) fields.message = read.message;
  return fields;
}

/** A visit or a call of its own; its line appears above once it is on this device. */
function NewContact({ kase, at, onClose: away }: { kase: Rec; at?: number; onClose: () => void }) {
  const { problem, write } = useCommit();
  const plan = usePlan(`plan:${kase.id}`, at);
  const onClose = closing(plan, away);
  const save = async () => {
    const read = readPlan(plan);
    if (!read) return;
    const { form } = read;
    const fields = {
      household: kase.f.household, case: kase.id, form, planned_at: read.at, people: read.people,
      ...(form === 'visit' && { purpose: 'home_visit' }), ...(read.message && { message: read.message }),
    };
    if (await write([{ kind: 'contact', record: newId(), fields }])) onClose();
  };
  return (
    <Inline title={t('desk.ahead.plan')} save={t('desk.plan_form.save')} onSave={save} onClose={onClose} problem={problem} row="contact" sees={whoSees(kase.f.unit, plan.people)}>
      <PlanFields plan={plan} unit={kase.f.unit} withForm />
    </Inline>
  );
}

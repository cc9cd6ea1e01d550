// What has been answered, what else it could have been, and what came before.
import { Banner, core, Crumb, go, Icon, Link, me, n, Screen, shortDay, StepLine, t, Time } from '../../ui';
import { useState } from 'preact/hooks';
import { Left } from './not_saved';
import { conflictTitle, open } from './conflicts';
import { cancelledText, earlier, nameOf } from './contacts';
import { answerText, callAnswers, isCall, outcomeOf, outcomeText, takeable, undoOutcome, visitAnswers, type Answer, type Outcome } from './outcomes';
import type { Rec } from '../../core/api';

export function Answered({ contact, answered }: { contact: Rec; answered: Outcome }) {
  const [late, setLate] = useState(false);
  const undo = async () => {
    const taken = await undoOutcome(contact.id);
    if (taken && !core.get('contact', contact.id)) go('/'); // it was made by what was taken back
    setLate(!taken);
  };
  return (
    <section class="card stack tight" aria-label={t('phone.visit.answer')}>
      <p class="small soft">{answered.by === me() ? t('phone.visit.you_answered') : t('phone.visit.answered', { name: nameOf(answered.by) })} <Time at={answered.at} /></p>
      <h2>{outcomeText(answered, isCall(contact))}</h2>
      {contact.f.next_at && <p>{t('phone.visit.next_at')} <Time at={contact.f.next_at} /></p>}
      <div class="cluster apart">
        <StepLine step={core.stepOf(contact.id).value} />
        {takeable(contact.id).length > 0 && (
          <button class="link" type="button" onClick={undo}><Icon name="undo" small />{t('phone.undo')}</button>
        )}
      </div>
      {late && <p role="status">{t('phone.undo_late')}</p>}
    </section>
  );
}

export function OtherAnswers({ contact, answered, answer }: { contact: Rec; answered: Outcome | null; answer: (a: Answer) => void }) {
  const call = isCall(contact);
  const bar: Answer[] = answered ? [answered.answer] : call ? ['met', 'no_answer'] : ['met', 'nobody_home'];
  const others = (call ? callAnswers : visitAnswers).filter((a) => !bar.includes(a));
  return (
    <section class="stack">
      <h2>{t(answered ? 'phone.visit.change' : 'phone.visit.other')}</h2>
      <div class="pair">
        {others.map((a) => (
          <button key={a} class="btn is-start" type="button" onClick={() => answer(a)}>{answerText(a, call)}</button>
        ))}
      </div>
    </section>
  );
}

interface Entry {
  id: string;
  at: number;
  by: string;
  what?: string;
  notes: Rec[];
}

/** The newest answers and notes from before. */
export function Earlier({ contact }: { contact: Rec }) {
  const contacts = earlier(contact.f.household, contact.id).slice(0, 5);
  const notes = core.list('note').value.filter((x) => x.f.household === contact.f.household && x.f.contact !== contact.id);
  const answered = contacts.map((c): Entry => {
    const o = outcomeOf(c)!;
    return { id: c.id, at: o.at, by: o.by, what: outcomeText(o, isCall(c)), notes: notes.filter((x) => x.f.contact === c.id) };
  });
  const loose = notes
    .filter((x) => !contacts.some((c) => c.id === x.f.contact))
    .map((x): Entry => ({ id: x.id, at: x.f.at, by: x.f.by, notes: [x] }));
  const log = [...answered, ...loose].sort((a, b) => b.at - a.at);
  if (log.length === 0) return null;
  return (
    <details class="card is-flush">
      <summary class="row">
        <Icon name="clock" accent />
        <b>{contacts.length > 0 ? n('phone.visit.earlier', contacts.length) : t('phone.visit.earlier_notes')}</b>
        <Icon name="down" turn />
      </summary>
      <ul class="more log">
        {log.map((e) => (
          <li key={e.id}>
            <time dateTime={new Date(e.at).toISOString()}>{shortDay(e.at)}</time>
            <span>{e.what}{e.notes.map((x) => <span key={x.id} class="sub written">{x.f.text}</span>)}<small>{nameOf(e.by)}</small></span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Two answers to this visit: the way to choose. */
export function Differ({ contact }: { contact: Rec }) {
  const conflict = core.list('conflict').value.find((c) => c.f.record === contact.id && open(c));
  if (!conflict) return null;
  return (
    <Banner icon="split" kind="soon" title={conflictTitle(conflict)}>
      <Link class="link" to={`/conflict/${conflict.id}`}>{t('phone.inbox.choose')}</Link>
    </Banner>
  );
}

/** Taken off the list: says why before anything else. */
export function NotNeeded({ contact }: { contact: Rec }) {
  return (
    <p class="banner is-good"><Icon name="check" /><span><b>{t('phone.visit.not_needed')}</b>{cancelledText(contact)}</span></p>
  );
}

/** "Not there" and "not yours" are one answer, once everything has been fetched. */
export function NotFound({ left }: { left?: string }) {
  const whole = core.whole();
  const coordinator = core.list('colleague').value.find((c) => c.f.role === 'coordinator' && c.id !== me());
  return (
    <Screen title={t('phone.form.visit')} top={<Crumb to="/">{t('phone.today.title')}</Crumb>}>
      <div class="card empty">
        <Icon name={whole ? 'lock' : 'wait'} />
        <h1>{t(whole ? 'phone.gone.title' : 'phone.gone.later')}</h1>
        <p>{t(whole ? 'phone.gone.text' : 'phone.gone.later_text')}{whole && coordinator && ` ${t('phone.gone.ask', { name: coordinator.f.name })}`}</p>
        <Link class="btn" to="/">{t('phone.gone.back')}</Link>
      </div>
      {whole && left && <Left name={left} />}
    </Screen>
  );
}

// A visit or a call: how did it go?
import { Bar, core, Crumb, go, Icon, Link, Screen, t, type ScreenProps } from '../ui';
import { visitOf, type Visit as V } from './phone/contacts';
import { answerText, closedSheets, isCall, noteChange, outcome, outcomeChange, outcomeOf, type Answer } from './phone/outcomes';
import { Trouble } from './phone/parts';
import { NotSaved, refusedOf, useAbout } from './phone/not_saved';
import { useSave } from './phone/use_save';
import { Arrival, Facts, Safety, Say, Why } from './phone/visit_before';
import { Photos } from './phone/photos';
import { Consent, Note, Ticks } from './phone/visit_during';
import { Answered, Differ, Earlier, NotFound, NotNeeded, OtherAnswers } from './phone/visit_after';
import type { Rec } from '../core/api';

export default function Visit({ params: { id } }: ScreenProps) {
  const contact = core.get('contact', id);
  if (!contact) return <NotFound left={`note:${id}`} />;
  return <Open key={id} visit={visitOf(contact)} />;
}

function Open({ visit }: { visit: V }) {
  const { contact } = visit;
  const saver = useSave();
  const draft = core.draft(`note:${contact.id}`);
  const answered = outcomeOf(contact);
  const writing = draft.text.value.trim() !== '';
  useAbout(`note:${contact.id}`, writing, { household: contact.f.household, case: contact.f.case, contact: contact.id });

  const answer = async (value: Answer) => {
    if (!(await saver.save([outcomeChange(contact.id, outcome(value))]))) return;
    closedSheets.delete(contact.id);
    if (value === 'nobody_home') go(`/visit/${contact.id}/nobody-home`, { replace: true });
    else scrollTo({ top: 0 });
  };
  const saveNote = async () => {
    if (!writing) return true;
    const said = draft.text.value;
    if (!(await saver.save([noteChange(contact, said.trim())]))) return false;
    await draft.clear(said);
    return true;
  };
  const finish = async () => {
    if (await saveNote()) go('/');
  };

  const bar = answered
    ? <DoneBar contact={contact} writing={writing} finish={finish} />
    : <AnswerBar contact={contact} answer={answer} />;
  return (
    <Screen title={t(isCall(contact) ? 'phone.form.call' : 'phone.form.visit')} top={<Crumb to="/">{t('phone.today.title')}</Crumb>} bar={<Bar label={t('phone.visit.bar')}>{bar}</Bar>}>
      <Trouble problem={saver.problem} />
      {contact.f.cancelled && !answered && <NotNeeded contact={contact} />}
      <Arrival visit={visit} />
      <Differ contact={contact} />
      {answered && <Answered contact={contact} answered={answered} />}
      <Safety household={visit.household} />
      <Facts visit={visit} />
      {!answered && <Why visit={visit} />}
      {!answered && <Say call={isCall(contact)} />}
      <Ticks visit={visit} save={saver.saveEach} />
      <Consent contact={contact} />
      <Note contact={contact} draft={draft} writing={writing} save={saveNote} />
      {!isCall(contact) && <Photos contact={contact} />}
      <NotSaved items={refusedOf(contact.id)} />
      <OtherAnswers contact={contact} answered={answered} answer={answer} />
      <Earlier contact={contact} />
      <Link class="banner is-acute" to={`/visit/${contact.id}/acute`}>
        <Icon name="alert" />
        <span class="grow"><b>{t('phone.acute.entry')}</b>{t('phone.acute.entry_text')}</span>
        <Icon name="right" flip />
      </Link>
    </Screen>
  );
}

const Acute = ({ contact }: { contact: Rec }) => (
  <Link class="btn is-acute" to={`/visit/${contact.id}/acute`}><Icon name="alert" />{t('phone.acute.short')}</Link>
);

/** The two likeliest answers, the likeliest filled. */
function AnswerBar({ contact, answer }: { contact: Rec; answer: (a: Answer) => void }) {
  const [less, likely]: Answer[] = isCall(contact) ? ['no_answer', 'met'] : ['nobody_home', 'met'];
  const call = isCall(contact);
  return (
    <>
      <Acute contact={contact} />
      <button class="btn" type="button" onClick={() => answer(less)}>{answerText(less, call)}</button>
      <button class="btn is-primary" type="button" onClick={() => answer(likely)}>{call ? answerText(likely, call) : t('phone.visit.met')}</button>
    </>
  );
}

/** After the answer there is one thing left: on to the next. A note that was begun goes with it. */
function DoneBar({ contact, writing, finish }: { contact: Rec; writing: boolean; finish: () => void }) {
  return (
    <>
      <Acute contact={contact} />
      <button class="btn is-primary is-wide" type="button" onClick={finish}>
        <Icon name="check" />{t(writing ? 'phone.visit.finish_note' : 'phone.visit.finish')}
      </button>
    </>
  );
}

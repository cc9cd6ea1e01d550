// How a contact went, written on one's own behalf. When a colleague has answered
// at the same time, both answers are kept and somebody chooses.
import { useState } from 'preact/hooks';
import { core, me, t } from './env';
import { Inline, useCommit } from './parts';
import { Wrongs } from './plan_form';
import { contactWord, who, whoSeesFile } from './words';
import { answerText, callAnswers, isCall, outcome, outcomeChange, outcomeOf, visitAnswers, type Answer } from '../phone/outcomes';
import type { Forms } from '../case';
import type { Rec } from '../../core/api';

export function AnswerForm({ contact, onClose }: { contact: Rec; onClose: () => void }) {
  const { problem, write } = useCommit();
  const before = outcomeOf(contact);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [note, setNote] = useState(false);
  const [wrong, setWrong] = useState('');
  const answers: readonly Answer[] = isCall(contact) ? callAnswers : visitAnswers;
  const save = async () => {
    if (!answer) return setWrong(t('desk.answer.choose'));
    const value = outcome(answer, answer === 'nobody_home' && note);
    if (await write([outcomeChange(contact.id, value)])) onClose();
  };
  return (
    <Inline title={t('desk.answer.title', { what: contactWord(contact) })} save={t('desk.answer.save')} onSave={save} onClose={onClose} problem={problem} row="contact" sees={whoSeesFile(core.get('case', contact.f.case)?.f.unit)}>
      {before && <p class="soft">{t('desk.answer.before', { who: who(before.by), answer: answerText(before.answer, isCall(contact)) })}</p>}
      <fieldset class="field" aria-describedby={wrong ? 'answer-wrong' : undefined}>
        <legend class="sr">{t('desk.answer.legend')}</legend>
        <Wrongs id="answer-wrong" text={wrong} />
        <div class="pair">
          {answers.map((a) => (
            <label key={a} class="pick"><input type="radio" name="answer" checked={answer === a} onChange={() => setAnswer(a)} /><span>{answerText(a, isCall(contact))}</span></label>
          ))}
        </div>
      </fieldset>
      {answer === 'nobody_home' && (
        <label class="pick"><input type="checkbox" checked={note} onChange={() => setNote(!note)} /><span>{t('desk.answer.note_left')}</span></label>
      )}
    </Inline>
  );
}

/** Someone who was along may have seen something else; whoever wrote it may change it. */
export function AnswerAgain({ contact, forms }: { contact: Rec; forms: Forms }) {
  const name = `answer:${contact.id}`;
  if (forms.open === name) return <AnswerForm contact={contact} onClose={() => forms.show(null)} />;
  const own = outcomeOf(contact)?.by === me();
  return <button class="link" type="button" onClick={() => forms.show(name)}>{t(own ? 'desk.answer.change' : 'desk.answer.other')}</button>;
}

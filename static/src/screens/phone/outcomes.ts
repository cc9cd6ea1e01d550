// The answers of a contact, in the words of the screens, and how they are written.
import { core, me, newId, now, t } from '../../ui';
import type { Change, Item, Rec } from '../../core/api';
import { ANSWERS, type Answer, type Outcome } from '../../schema.gen';

export type { Answer, Outcome };

export const visitAnswers = ['met', 'met_other', 'nobody_home', 'refused', 'moved_out', 'no_access', 'postponed', 'says_paid'] as const;
export const callAnswers = ['met', 'no_answer', 'left_message', 'met_other', 'refused', 'says_paid'] as const;


const called = new Set<string>(['met', 'met_other', 'refused']); // sound different on the phone

export const isCall = (contact: Rec) => contact.f.form === 'call' || contact.f.form === 'call_back';
export const outcomeOf = (contact: Rec | undefined): Outcome | null => contact?.f.outcome ?? null;

/** Nobody was reached: the next attempt matters. */
export const unreached = (o: Outcome | null) =>
  o !== null && ['nobody_home', 'no_access', 'met_other', 'no_answer', 'left_message'].includes(o.answer);

/** The answer in words: "Träffade hyresgästen", or on the phone "Svarade". */
export function answerText(answer: Answer, call: boolean): string {
  if (call && called.has(answer)) return t(`phone.answer.call_${answer as 'met'}`);
  return ANSWERS.includes(answer) ? t(`phone.answer.${answer}`) : answer;
}

/** "Ingen hemma, lapp lämnad" */
export function outcomeText(o: Partial<Outcome> | null | undefined, call = false): string {
  if (!o?.answer) return t('phone.answer.none');
  const text = answerText(o.answer, call);
  return o.note_left ? t('phone.answer.with_note', { answer: text }) : text;
}

export const outcome = (answer: Answer, noteLeft = false, at = now()): Outcome => ({
  answer, note_left: noteLeft, at, by: me(),
});

/** The change that gives the contact its outcome; more fields may hold together with it. */
export const outcomeChange = (contact: string, value: Outcome, more: Record<string, unknown> = {}): Change => ({
  kind: 'contact', record: contact, fields: { outcome: value, ...more },
});

/** A note as a change of its own; notes are never rewritten. */
export const noteChange = (contact: Rec, text: string): Change => ({
  kind: 'note', record: newId(),
  fields: { household: contact.f.household, case: contact.f.case, contact: contact.id, text, at: now(), by: me() },
});

/** A new contact in the household of the case, with me on it. */
export const contactChange = (kase: Rec, fields: Record<string, unknown>, id = newId()): Change => ({
  kind: 'contact', record: id,
  fields: { household: kase.f.household, case: kase.id, people: [me()], ...fields },
});

/** Contacts whose "nobody home" sheet was closed: going back in the history shows the visit, not the sheet again. */
export const closedSheets = new Set<string>();

/** Commits that answered the contact and have not left the phone, newest first. */
export const takeable = (contact: string): Item[] =>
  core.items.value
    .filter((item) => item.step.step === 'phone' && item.changes.some((c) => c.record === contact && 'outcome' in c.fields))
    .reverse();

/** Takes commits back, the newest first. False: at least one is on its way already, or could not be taken out of the journal. */
export async function takeBack(commits: string[]): Promise<boolean> {
  try {
    for (const commit of commits) if (!(await core.undo(commit))) return false;
    return commits.length > 0;
  } catch {
    return false;
  }
}

/** Takes the answer back. */
export const undoOutcome = (contact: string): Promise<boolean> => takeBack(takeable(contact).map((item) => item.commit));

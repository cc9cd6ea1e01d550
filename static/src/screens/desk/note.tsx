// A note in the case. What is typed is a draft on this device until it becomes a commit.
import { useMemo } from 'preact/hooks';
import { core, me, newId, StepLine, t } from './env';
import { Sees, Trouble, useCommit } from './parts';
import { whoSees } from './words';
import { useAbout } from '../phone/not_saved';
import type { Rec } from '../../core/api';

const keyOf = (kase: string) => `case-note:${kase}`;
const useDraft = (kase: string) => useMemo(() => core.draft(keyOf(kase)), [kase]);

/** Whether something is written that is not saved yet. */
export const useNoteText = (kase: string): boolean => useDraft(kase).text.value.trim() !== '';

export function NoteField({ kase, primary }: { kase: Rec; primary: boolean }) {
  const draft = useDraft(kase.id);
  const { problem, busy, write } = useCommit();
  const text = draft.text.value;
  const filled = text.trim() !== '';
  useAbout(keyOf(kase.id), filled, { household: kase.f.household, case: kase.id });
  const save = async () => {
    const fields = { household: kase.f.household, case: kase.id, text: text.trim(), at: Date.now(), by: me() };
    if (await write([{ kind: 'note', record: newId(), fields }])) await draft.clear(text);
  };
  return (
    <form class="stack" onSubmit={(e) => { e.preventDefault(); if (filled && !busy) void save(); }}>
      <div class="field">
        <label for="note"><span class="h">{t('desk.note.label')}</span></label>
        <p class="hint" id="note-hint">{t('desk.note.hint')}</p>
        <Sees row="note">{whoSees(kase.f.unit)}</Sees>
        <textarea class="input" autocomplete="off" id="note" maxLength={20_000} aria-describedby="note-hint" value={text} onInput={(e) => draft.set(e.currentTarget.value)} />
      </div>
      {filled && draft.step.value && <StepLine step={draft.step.value} />}
      <Trouble problem={problem} />
      {filled && <div><button class={primary ? 'btn is-primary' : 'btn'} type="submit" aria-disabled={busy}>{t('desk.note.save')}</button></div>}
    </form>
  );
}

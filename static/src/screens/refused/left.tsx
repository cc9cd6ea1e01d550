// A note that was begun and not saved when its visit or case went to somebody else. It
// can be handed in: then it lies with those who have the case now.
import { core, me, newId, now, StepLine, t } from '../../ui';
import { useState } from 'preact/hooks';
import { Trouble } from '../phone/parts';
import { useSave } from '../phone/use_save';
import { Copy, Words } from './not_saved';

/** Kinds of half-written notes, and what each is about. */
const kinds = [['note:', 'contact'], ['case-note:', 'case']] as const;

/** The drafts about what is not here any more. */
export const leftBehind = (): string[] =>
  core.draftKeys().filter((name) => kinds.some(([prefix, kind]) => name.startsWith(prefix) && !core.get(kind, name.slice(prefix.length))));

export function Left({ name }: { name: string }) {
  const draft = core.draft(name);
  const about = core.draft(`about:${name}`);
  const saver = useSave();
  const [commit, setCommit] = useState('');
  const [sure, setSure] = useState(false);
  const text = draft.text.value.trim();
  const away = async (said: string) => {
    await draft.clear(said);
    await about.clear();
  };
  const handIn = async () => {
    const said = draft.text.value;
    const saved = await saver.save([{ kind: 'note', record: newId(), fields: { ...JSON.parse(about.text.peek()), text: said.trim(), at: now(), by: me() } }]);
    if (!saved) return;
    setCommit(saved);
    await away(said);
  };
  if (commit) return <article class="card stack tight"><h2>{t('left.handed_in')}</h2><StepLine step={core.stepOfCommit(commit).value} /></article>;
  if (!text) return null;
  return (
    <article class="card stack">
      <div class="stack tight"><h2>{t('left.title')}</h2><p>{t(about.text.value ? 'left.text' : 'left.copy_first')}</p></div>
      <Words text={text} />
      <Trouble problem={saver.problem} />
      <div class="pair">
        {about.text.value && <button class="btn is-small" type="button" onClick={() => void handIn()}>{t('left.hand_in')}</button>}
        <Copy text={text} />
        <button class="btn is-small" type="button" onClick={() => (sure ? void away(draft.text.peek()) : setSure(true))}>{t(sure ? 'refused.really' : 'refused.remove')}</button>
      </div>
    </article>
  );
}

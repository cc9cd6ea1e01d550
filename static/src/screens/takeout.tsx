// Work that cannot be sent from here: out in a locked file, in on another phone.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner, clock, core, Field, Icon, longDay, me, n, problemText, t, TextField } from '../ui';
import { useBegun } from '../ui/begun';
import { saveFile } from '../ui/save_file';
import type { Taken } from '../core/api';

/** Saves what only this phone has in a file, and shows its code. Nothing leaves the phone's own
 *  list. `only`: one commit, for a colleague. */
export function TakeOut({ only }: { only?: string }) {
  const id = only ? `takeout-${only}` : 'takeout';
  const [code, setCode] = useState<string | null>(null); // '' for a file that needs none
  const [wrong, setWrong] = useState('');
  useBegun(!!code); // shown once
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => void (only && heading.current?.focus()), []); // the link that opened it is gone
  const save = async () => {
    setWrong('');
    try {
      const { file, name, code } = await core.takeOut(only);
      saveFile(name, file);
      setCode(code);
    } catch (e) {
      setWrong(problemText(e));
    }
  };
  return (
    <section class={only ? 'stack' : 'card stack'} aria-labelledby={id}>
      {only ? <h4 id={id} ref={heading} tabIndex={-1}>{t('refused.hand_over')}</h4> : <h2 id={id}>{t('takeout.title')}</h2>}
      <p>{t(only ? 'refused.hand_over_text' : 'takeout.text')}</p>
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      <div role="status" class="stack">
        {code === '' && <Banner icon="lock" kind="good">{t('takeout.sealed')}</Banner>}
        {code && (
          <>
            <p class="small soft">{t('takeout.code')}</p>
            <p class="h num code" data-code={code}>{code.match(/.{4}/g)!.join(' ')}</p>
            <p>{t('takeout.code_text')}</p>
          </>
        )}
      </div>
      <button class="btn is-block" type="button" onClick={save}><Icon name="lock" />{t(code === null ? 'takeout.save' : 'takeout.again')}</button>
    </section>
  );
}

/** Takes a file in: one's own work goes on as it was, a colleague's notes in one's own name. */
export function TakeIn() {
  const [file, setFile] = useState<File | null>(null);
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState('');
  const [done, setDone] = useState('');
  const take = async (e: Event) => {
    e.preventDefault();
    setWrong('');
    setDone('');
    if (!file) return setWrong(t('takein.no_file'));
    try {
      setDone(await said(await core.takeIn(file, code)));
      setCode('');
    } catch (e) {
      setWrong(problemText(e));
    }
  };
  return (
    <details class="card is-flush">
      <summary class="row is-mid"><Icon name="upload" accent /><b>{t('takein.title')}</b><Icon name="down" turn /></summary>
      <form class="more stack" onSubmit={take} noValidate>
        <p>{t('takein.text')}</p>
        <Field label={t('takein.file')}>{(control) => <input {...control} type="file" onChange={(e) => setFile(e.currentTarget.files?.[0] ?? null)} />}</Field>
        <TextField label={t('takein.code')} hint={t('takein.code_hint')} wrong={wrong} value={code} onText={setCode} input={{ autoComplete: 'off', autoCapitalize: 'characters', spellcheck: false }} />
        <button class="btn is-block" type="submit">{t('takein.button')}</button>
        <p role="status">{done}</p>
      </form>
    </details>
  );
}

async function said(taken: Taken): Promise<string> {
  if (taken.handed) {
    const { kept, known, left, closed } = taken.handed;
    return [kept > 0 && n('takein.handed', kept), known > 0 && n('takein.known', known), closed > 0 && t('takein.closed'), left > 0 && n('takein.refused', left)].filter(Boolean).join(' ') || t('takein.nothing');
  }
  if (taken.person === me()) return taken.count > 0 ? n('takein.mine', taken.count) : t('takein.nothing');
  for (const note of taken.notes) {
    const text = t('takein.note', { name: taken.name, when: `${longDay(note.at)} ${clock(note.at)}`, text: note.text });
    const { contact, ...file } = note.about; // a visit that was turned down itself is not there
    const about = typeof contact === 'string' && core.get('contact', contact) ? note.about : file;
    await core.commit([{ kind: 'note', record: `${note.record}:handed`, fields: { ...about, text, at: note.at, by: me() } }]);
  }
  const notes = taken.notes.length > 0 ? n('takein.theirs', taken.notes.length, { name: taken.name }) : '';
  const left = taken.count > 0 ? n('takein.left', taken.count, { name: taken.name }) : '';
  return [notes, left].filter(Boolean).join(' ') || t('takein.nothing');
}

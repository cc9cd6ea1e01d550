// On what basis the organisation handles personal data (GDPR). A thing of its own: a
// tenant's consent lifts secrecy, and is never taken for this.
import { useState } from 'preact/hooks';
import { core, Icon, me, now, StepLine, t } from '../desk/env';
import { Sees, Trouble, useCommit, When } from '../desk/parts';
import { nameOf } from '../phone/contacts';
import { useEdit } from '../../ui/draft';
import { decides } from './may';

const bases = ['public_task', 'legal_obligation', 'contract', 'legitimate_interest', 'vital_interest'] as const;
type Basis = (typeof bases)[number];
const key = 'legal_basis';

export function LegalBasis() {
  const set = core.get('legal_basis', 'legal_basis');
  const [writing, setWriting] = useState(() => core.draft(key).text.peek() !== ''); // what was begun stands open again
  return (
    <section class="card stack" aria-labelledby="basis">
      <h2 id="basis">{t('org.basis')}</h2>
      <p class="soft">{t('org.basis.not_consent')}</p>
      {set ? (
        <>
          <p><b>{t(`org.basis.${set.f.basis as Basis}`)}</b></p>
          <p class="written">{set.f.text}</p>
          <p class="small soft">{nameOf(set.f.by)} <When at={set.f.at} /></p>
        </>
      ) : <p class="banner is-soon"><Icon name="alert" /><span>{t('org.basis.none')}</span></p>}
      {decides() && !writing && <div><button class="btn" type="button" onClick={() => setWriting(true)}>{t(set ? 'org.basis.change' : 'org.basis.write')}</button></div>}
      {writing && <Write close={() => setWriting(false)} />}
    </section>
  );
}

function Write({ close }: { close: () => void }) {
  const set = core.get('legal_basis', 'legal_basis');
  const { values: { basis, text }, set: type, clear, step } = useEdit<{ basis: Basis | null; text: string }>(key, { basis: set?.f.basis ?? null, text: set?.f.text ?? '' });
  const away = () => {
    void clear();
    close();
  };
  const [wrong, setWrong] = useState(false);
  const { problem, busy, write } = useCommit();
  const save = async () => {
    if (!basis || !text.trim()) return setWrong(true);
    if (await write([{ kind: 'legal_basis', record: 'legal_basis', fields: { basis, text: text.trim(), at: now(), by: me() } }])) away();
  };
  return (
    <form class="stack" noValidate onSubmit={(e) => { e.preventDefault(); if (!busy) void save(); }}>
      <Sees row="legal_basis">{t('org.basis.sees')}</Sees>
      <fieldset class="field">
        <legend>{t('org.basis.which')}</legend>
        {bases.map((b) => <label key={b} class="pick"><input type="radio" name="basis" checked={basis === b} onChange={() => type({ basis: b })} /><span>{t(`org.basis.${b}`)}</span></label>)}
      </fieldset>
      <div class="field">
        <label for="basis-text">{t('org.basis.text')}</label>
        <p class="hint" id="basis-hint">{t('org.basis.text_hint')}</p>
        {wrong && <p class="wrong" id="basis-wrong"><Icon name="alert" />{t('org.basis.wrong')}</p>}
        <textarea autocomplete="off" class="input" id="basis-text" maxLength={2000} value={text} aria-describedby={wrong ? 'basis-hint basis-wrong' : 'basis-hint'} aria-invalid={wrong ? 'true' : undefined} onInput={(e) => type({ text: e.currentTarget.value })} />
      </div>
      <Trouble problem={problem} />
      <StepLine step={step} />
      <div class="cluster">
        <button class="btn is-primary" type="submit" aria-disabled={busy}>{t('org.basis.save')}</button>
        <button class="btn" type="button" onClick={away}>{t('desk.cancel')}</button>
      </div>
    </form>
  );
}

// The short typed code of an invitation.
import { useState } from 'preact/hooks';
import { core, problemText, t, TextField } from '../../ui';

/** Redeems what is typed. What comes next is for the core to say. `plain`: another button is the filled one. */
export function CodeForm({ plain }: { plain?: boolean }) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    const plain = code.replace(/[^0-9a-z]/gi, '').toUpperCase();
    if (plain.length !== 8) return setWrong(t('in.code_wrong'));
    if (busy) return;
    setBusy(true);
    setWrong('');
    await core.signIn({ code: `${plain.slice(0, 4)}-${plain.slice(4)}` }).catch((failed) => setWrong(problemText(failed)));
    setBusy(false);
  };
  return (
    <form class="card stack" onSubmit={submit} noValidate>
      <TextField
        label={t('in.code')} hint={t('in.code_hint')} wrong={wrong} value={code} onText={setCode}
        input={{ autoComplete: 'one-time-code', autoCapitalize: 'characters', spellcheck: false, inputMode: 'text', maxLength: 12 }}
      />
      <button class={plain ? 'btn is-big is-block' : 'btn is-primary is-big is-block'} type="submit" aria-disabled={busy}>{t(busy ? 'in.working' : 'in.code_button')}</button>
    </form>
  );
}

// Opens a vault that is there: with the phone's own lock, or with the passphrase.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Key, Way } from '../../core/api';
import { Banner, core, Problem, problemText, t, TextField } from '../../ui';

export interface OpenProps {
  ways: Way[];
  until: number; // ms; no try before
  button: string;
  /** What is done with it; unlocking, unless told otherwise. */
  open?: (how: Key) => Promise<void>;
}

/** The ways that this vault has. The quicker one comes first. */
export function Open({ ways, until, button, open = (how) => core.unlock(how) }: OpenProps) {
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const wait = useSeconds(until);
  const attempt = async (how: Key) => {
    if (busy || wait > 0) return false;
    setBusy(true);
    setWrong('');
    const failed = await open(how).then(() => null, (e: unknown) => e);
    setBusy(false);
    if (failed) setWrong(failed instanceof Problem && failed.code === 'wait' ? '' : problemText(failed));
    return !failed;
  };
  const both = ways.length > 1;
  return (
    <div class="stack">
      {ways.includes('passkey') && (
        <button class="btn is-primary is-big is-block" type="button" aria-disabled={busy} onClick={() => void attempt({ passkey: true })}>
          {t(busy ? 'gate.opening' : 'gate.passkey_open')}
        </button>
      )}
      {ways.includes('passkey') && !ways.includes('passphrase') && wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {ways.includes('passphrase') && <PassphraseForm wrong={wrong} busy={busy} wait={wait} plain={both} button={button} open={(passphrase) => attempt({ passphrase })} />}
    </div>
  );
}

interface FormProps {
  wrong: string;
  busy: boolean;
  wait: number; // seconds
  plain: boolean; // another button is the filled one
  button: string;
  open: (passphrase: string) => Promise<boolean>;
}

function PassphraseForm({ wrong, busy, wait, plain, button, open }: FormProps) {
  const [text, setText] = useState('');
  const [shown, setShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (wrong) form.current?.querySelector('input')?.focus();
  }, [wrong]);
  const submit = async (e: Event) => {
    e.preventDefault();
    if (text.trim() && (await open(text))) setText('');
  };
  return (
    <form class="card stack" ref={form} onSubmit={submit} noValidate autocomplete="off">
      <TextField
        label={t('gate.passphrase')} wrong={wrong} value={text} onText={setText}
        input={{ type: shown ? 'text' : 'password', autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellcheck: false, enterKeyHint: 'go' } as object}
      />
      <ShowText shown={shown} onChange={setShown} />
      <button class={plain ? 'btn is-big is-block' : 'btn is-primary is-big is-block'} type="submit" aria-disabled={busy || wait > 0}>
        {wait > 0 ? t('gate.wait', { n: wait }) : t(busy ? 'gate.opening' : 'gate.open', { what: button })}
      </button>
    </form>
  );
}

/** What is typed is covered unless one asks to see it. */
export function ShowText({ shown, onChange }: { shown: boolean; onChange: (shown: boolean) => void }) {
  return (
    <label class="tick is-cell">
      <input type="checkbox" checked={shown} onChange={(e) => onChange(e.currentTarget.checked)} />
      <span>{t('gate.show')}</span>
    </label>
  );
}

/** Seconds until then, counted down while one looks. */
function useSeconds(until: number): number {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left());
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

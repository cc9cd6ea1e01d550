// Sign in: with a link that somebody tapped, or with a short typed code. Nothing is
// redeemed before a tap: previews of messages open links too.
import { useState } from 'preact/hooks';
import { Banner, core, go, problemText, Screen, t, n, TextField, TopBar } from '../ui';
import { landing } from '../ui/landing';
import { installed, InstallHint, isIOS } from '../ui/install';

const token = () => location.hash.slice(1);

export default function SignIn() {
  const [link, setLink] = useState(token());
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);

  const enter = async (with_: { link?: string; code?: string }) => {
    setBusy(true);
    setWrong('');
    try {
      history.replaceState(null, '', '/in'); // the token stays in no history
      await core.signIn(with_);
      go(landing(core.session.value?.person.role ?? ''), { replace: true });
    } catch (e) {
      setLink('');
      setWrong(problemText(e));
    }
    setBusy(false);
  };

  return (
    <Screen title={t('in.title')} top={<TopBar><h1>{t('in.title')}</h1></TopBar>}>
      <p>{t('in.what')}</p>
      <Kept />
      {isIOS() && !installed() && <InstallHint />}
      {link ? (
        <div class="stack">
          <p>{t('in.link')}</p>
          <button class="btn is-primary is-big is-block" type="button" aria-disabled={busy} onClick={() => !busy && enter({ link })}>
            {t(busy ? 'in.working' : 'in.link_button')}
          </button>
          <button class="link" type="button" onClick={() => setLink('')}>{t('in.or_code')}</button>
        </div>
      ) : (
        <CodeForm wrong={wrong} busy={busy} enter={(code) => enter({ code })} setWrong={setWrong} />
      )}
    </Screen>
  );
}

/** Work that this phone still holds for whoever signs in again. */
function Kept() {
  const { unsent } = core.sync.value;
  return unsent > 0 ? <Banner icon="mobile">{n('in.kept', unsent)}</Banner> : null;
}

interface CodeProps {
  wrong: string;
  busy: boolean;
  enter: (code: string) => void;
  setWrong: (text: string) => void;
}

function CodeForm({ wrong, busy, enter, setWrong }: CodeProps) {
  const [code, setCode] = useState('');
  const submit = (e: Event) => {
    e.preventDefault();
    const plain = code.replace(/[^0-9a-z]/gi, '').toUpperCase();
    if (plain.length !== 8) setWrong(t('in.code_wrong'));
    else if (!busy) enter(`${plain.slice(0, 4)}-${plain.slice(4)}`);
  };
  return (
    <form class="card stack" onSubmit={submit} noValidate>
      <TextField
        label={t('in.code')} hint={t('in.code_hint')} wrong={wrong} value={code} onText={setCode}
        input={{ autoComplete: 'one-time-code', autoCapitalize: 'characters', spellcheck: false, inputMode: 'text', maxLength: 12 }}
      />
      <button class="btn is-primary is-big is-block" type="submit" aria-disabled={busy}>{t(busy ? 'in.working' : 'in.code_button')}</button>
    </form>
  );
}

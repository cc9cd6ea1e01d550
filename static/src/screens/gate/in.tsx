// Sign in: with a link that somebody tapped, with a short typed code, or again on a
// phone that has the person's lock. Nothing is redeemed before a tap: previews of
// messages open links too.
import { useEffect, useState } from 'preact/hooks';
import { Banner, core, problemText, Screen, t, n, TopBar } from '../../ui';
import { Problem, type Way } from '../../core/api';
import { installed, InstallHint, isIOS } from '../../ui/install';
import { CodeForm } from './code';
import { Enrol } from './enrol';
import { Open } from './open';
import { Providers } from './providers';

const token = () => location.hash.slice(1);
/** A provider's way back may bring what went wrong instead of a link: "!oidc_failed". */
const failure = () => (token().startsWith('!') ? problemText(new Problem(token().slice(1))) : '');

export default function SignIn() {
  const gate = core.gate.value;
  if (gate.at === 'enrol') return <Enrol gate={gate} />;
  return <Invited />;
}

function Invited() {
  const gate = core.gate.value;
  const [link, setLink] = useState(failure() ? '' : token());
  const [wrong, setWrong] = useState(failure());
  const [busy, setBusy] = useState(false);
  const ways = gate.at === 'out' ? gate.ways : gate.at === 'in' ? core.signsIn() : []; // in: the session is over, the vault is open
  const again = ways.length > 0;

  useEffect(() => {
    // A link that is opened in a window that shows this screen changes only what stands after the #.
    const arrived = () => {
      if (!token()) return;
      setWrong(failure());
      setLink(failure() ? '' : token());
    };
    addEventListener('hashchange', arrived);
    return () => removeEventListener('hashchange', arrived);
  }, []);

  const enter = async () => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    history.replaceState(null, '', '/in'); // the token stays in no history
    await core.signIn({ link }).catch((e) => {
      setLink('');
      setWrong(problemText(e));
    });
    setBusy(false);
  };

  return (
    <Screen title={t('in.title')} top={<TopBar><h1>{t('in.title')}</h1></TopBar>}>
      <p>{t('in.what')}</p>
      <Kept />
      {isIOS() && !installed() && <InstallHint />}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {link ? (
        <div class="stack">
          <p>{t('in.link')}</p>
          <button class="btn is-primary is-big is-block" type="button" aria-disabled={busy} onClick={() => void enter()}>
            {t(busy ? 'in.working' : 'in.link_button')}
          </button>
          <button class="link" type="button" onClick={() => setLink('')}>{t('in.or_code')}</button>
        </div>
      ) : (
        <>
          <Providers failed={setWrong} />
          {again && <Again ways={ways} />}
          <CodeForm plain={again} />
        </>
      )}
    </Screen>
  );
}

/** Somebody was signed in here: what unlocks their vault lets them in again, without an invitation. */
function Again({ ways }: { ways: Way[] }) {
  const gate = core.gate.value;
  return (
    <section class="stack">
      <h2>{t('gate.again')}</h2>
      <Open ways={ways} until={gate.at === 'out' ? gate.until : 0} button={t('in.title')} />
      <h2>{t('gate.or_code')}</h2>
    </section>
  );
}

/** Work that this phone still holds for whoever signs in again. */
function Kept() {
  const { unsent } = core.sync.value;
  return unsent > 0 ? <Banner icon="mobile">{n('in.kept', unsent)}</Banner> : null;
}

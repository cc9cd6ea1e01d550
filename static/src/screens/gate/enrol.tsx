// Just let in: the lock of this phone is chosen, or the one that is there is opened.
import { useEffect, useState } from 'preact/hooks';
import type { Gate, Key } from '../../core/api';
import { judge, least } from '../../core/judge';
import { passkeysHere } from '../../core/passkey';
import { suggest } from '../../core/suggest';
import { Banner, core, problemText, Screen, t, TextField, TopBar } from '../../ui';
import { useBegun } from '../../ui/begun';
import { Open, ShowText } from './open';

type Enrolling = Extract<Gate, { at: 'enrol' }>;

export function Enrol({ gate }: { gate: Enrolling }) {
  const [anew, setAnew] = useState(gate.ways.length === 0);
  return (
    <Screen title={t('gate.welcome', { name: '' })} top={<TopBar><h1>{t('gate.welcome', { name: gate.name.split(' ')[0] })}</h1></TopBar>}>
      {anew ? <NewLock name={gate.name} /> : (
        <>
          <p>{t('gate.known')}</p>
          <Open ways={gate.ways} until={gate.until} button={t('gate.unlock')} />
          <details>
            <summary>{t('gate.forgotten')}</summary>
            <div class="stack">
              <p>{t('gate.anew_what')}</p>
              <button class="btn is-block" type="button" onClick={() => setAnew(true)}>{t('gate.anew')}</button>
            </div>
          </details>
        </>
      )}
    </Screen>
  );
}

function NewLock({ name }: { name: string }) {
  const [passkey, setPasskey] = useState<boolean | null>(null);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState<'passkey' | 'passphrase' | ''>('');
  useEffect(() => void passkeysHere().then(setPasskey), []);
  const enrol = async (how: Key) => {
    if (busy) return;
    setBusy('passkey' in how ? 'passkey' : 'passphrase');
    setWrong('');
    await core.enrol(how).catch((e) => setWrong(problemText(e)));
    setBusy('');
  };
  if (passkey === null) return null;
  return (
    <>
      <p>{t('gate.why')}</p>
      {passkey && (
        <section class="card stack">
          <h2>{t('gate.passkey')}</h2>
          <p>{t('gate.passkey_what')}</p>
          <button class="btn is-primary is-big is-block" type="button" aria-disabled={!!busy} onClick={() => void enrol({ passkey: true })}>
            {t(busy === 'passkey' ? 'gate.making' : 'gate.passkey_use')}
          </button>
        </section>
      )}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      <Words name={name} plain={passkey} busy={busy === 'passphrase'} enrol={enrol} />
    </>
  );
}

/** Four words that the app offers, or something of one's own. */
export function Words({ name, plain, busy, enrol }: { name: string; plain: boolean; busy: boolean; enrol: (how: Key) => Promise<void> }) {
  const [words, setWords] = useState(() => suggest([name]));
  useBegun(true); // these words are on a paper, perhaps
  const [text, setText] = useState('');
  const [shown, setShown] = useState(true);
  const [wrong, setWrong] = useState('');
  const submit = (e: Event) => {
    e.preventDefault();
    const verdict = judge(text, [name]);
    setWrong(verdict === 'ok' ? '' : t(`gate.judge_${verdict}`, { n: least }));
    if (verdict === 'ok') void enrol({ passphrase: text });
  };
  return (
    <form class="card stack" onSubmit={submit} noValidate autocomplete="off">
      <h2>{t('gate.words')}</h2>
      <p>{t('gate.words_what')}</p>
      <p class="words" aria-label={t('gate.words_offered')}>{words}</p>
      <button class="link" type="button" onClick={() => setWords(suggest([name]))}>{t('gate.words_other')}</button>
      <TextField
        label={t('gate.words_type')} hint={t('gate.words_hint', { n: least })} wrong={wrong} value={text} onText={setText}
        input={{ type: shown ? 'text' : 'password', autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellcheck: false } as object}
      />
      <ShowText shown={shown} onChange={setShown} />
      <button class={plain ? 'btn is-big is-block' : 'btn is-primary is-big is-block'} type="submit" aria-disabled={busy}>{t(busy ? 'gate.making' : 'gate.words_use')}</button>
    </form>
  );
}

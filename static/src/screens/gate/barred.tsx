// The phone was reported lost: what happened, what is kept, and what one can do. It
// knows no name.
import { useState } from 'preact/hooks';
import type { Gate } from '../../core/api';
import { Banner, n, Screen, t, TopBar } from '../../ui';
import { CodeForm } from './code';

export function Barred({ gate }: { gate: Extract<Gate, { at: 'barred' }> }) {
  const [other, setOther] = useState(false);
  const title = t(gate.wiped ? 'gate.wiped' : 'gate.barred');
  return (
    <Screen title={title} top={<TopBar><h1>{title}</h1></TopBar>}>
      {gate.unsent > 0 && <Banner icon="mobile">{n('gate.barred_unsent', gate.unsent)}</Banner>}
      {gate.handed && <Banner icon="check">{t('gate.barred_handed')}</Banner>}
      <p>{t(gate.wiped ? 'gate.wiped_what' : 'gate.barred_what')}</p>
      {gate.wiped ? (
        <a class="btn is-block" href="/in" onClick={anew}>{t('gate.begin_anew')}</a>
      ) : other ? <CodeForm plain /> : (
        <button class="link" type="button" onClick={() => setOther(true)}>{t('gate.barred_other')}</button>
      )}
    </Screen>
  );
}

/** From the server: nothing of what was here is in memory afterwards. */
function anew(e: Event): void {
  e.preventDefault();
  location.assign('/in');
}

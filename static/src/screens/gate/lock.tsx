// The lock: what waits on this phone in a number, and how to open it. It knows no name.
import { useState } from 'preact/hooks';
import { Banner, core, n, Screen, t, TopBar } from '../../ui';
import { Barred } from './barred';
import { CodeForm } from './code';
import { HandIn } from './hand_in';
import { Open } from './open';

export default function Lock() {
  const gate = core.gate.value;
  const [forgotten, setForgotten] = useState(false);
  if (gate.at === 'barred') return <Barred gate={gate} />;
  if (gate.at !== 'locked') return null;
  return (
    <Screen title={t('gate.locked')} top={<TopBar><h1>{t('gate.locked')}</h1></TopBar>}>
      <p>{t('gate.locked_what')}</p>
      {gate.unsent > 0 && <Banner icon="mobile">{n('gate.unsent', gate.unsent)}</Banner>}
      {gate.online && <Banner icon="info" kind="soon">{t('gate.online')}</Banner>}
      <Open ways={gate.ways} until={gate.until} button={t('gate.unlock')} />
      {gate.unsent > 0 && <HandIn />}
      {forgotten ? (
        <section class="stack">
          <h2>{t('gate.forgotten')}</h2>
          <p>{t('gate.forgotten_what')}</p>
          <CodeForm plain />
        </section>
      ) : (
        <button class="link" type="button" onClick={() => setForgotten(true)}>{t('gate.forgotten')}</button>
      )}
    </Screen>
  );
}

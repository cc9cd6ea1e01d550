// For a phone that cannot be unlocked: what waits is handed in as it is.
import { useState } from 'preact/hooks';
import type { HandedIn } from '../../core/api';
import { Banner, core, Icon, n, problemText, t } from '../../ui';

export function HandIn() {
  const [done, setDone] = useState<HandedIn | null>(null);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    await core.handIn().then(setDone, (e) => setWrong(problemText(e)));
    setBusy(false);
  };
  return (
    <details class="card is-flush">
      <summary class="row is-mid"><Icon name="upload" accent /><b>{t('gate.hand_in')}</b><Icon name="down" turn /></summary>
      <div class="more stack">
        <p>{t('gate.hand_in_what')}</p>
        {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
        {done && <Banner icon="check" kind={done.left > 0 ? 'soon' : 'good'} live>{said(done)}</Banner>}
        <button class="btn is-block" type="button" aria-disabled={busy} onClick={send}>{t(busy ? 'gate.handing_in' : 'gate.hand_in_button')}</button>
      </div>
    </details>
  );
}

function said(d: HandedIn): string {
  const parts = [d.kept > 0 && n('gate.handed', d.kept), d.known > 0 && n('gate.handed_known', d.known), d.closed > 0 && t('gate.handed_closed'), d.left > 0 && n('gate.handed_not', d.left)];
  return parts.filter(Boolean).join(' ') || t('gate.handed_nothing');
}

// Signing out everywhere but here, or here too: for whoever has left a sign-in behind
// somewhere, or is not sure of all of them.
import { useState } from 'preact/hooks';
import { Banner, core, Icon, n, problemText, Sheet, t } from '../../ui';

export function Elsewhere({ ended }: { ended: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const [said, setSaid] = useState('');
  const end = async (here: boolean) => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    try {
      const { ended: count } = await core.fetchJSON<{ ended: number }>('/api/session/others', { method: 'DELETE' });
      setSaid(count > 0 ? n('devices.ended', count) : t('devices.ended_none'));
      if (here) return await core.signOut(); // nothing here moves any more: the page is on its way out
      setOpen(false);
      await ended();
    } catch (e) {
      setWrong(problemText(e));
    }
    setBusy(false);
  };
  return (
    <>
      {said && <Banner icon="check" live>{said}</Banner>}
      <button class="btn is-block" type="button" onClick={() => { setSaid(''); setWrong(''); setOpen(true); }}>{t('devices.elsewhere')}</button>
      {open && (
        <Sheet title={t('devices.elsewhere')} onClose={() => setOpen(false)}>
          <p>{t('devices.elsewhere_what')}</p>
          <p>{t('devices.elsewhere_lost')}</p>
          {wrong && <Banner icon="info" kind="soon" live>{said && <>{said} </>}{wrong}</Banner>}
          <div class="decide">
            {([[false, 'devices.elsewhere_yes', 'check'], [true, 'devices.elsewhere_here', 'mobile']] as const).map(([here, name, icon]) => (
              <button key={name} class="btn" type="button" aria-disabled={busy} onClick={() => void end(here)}><Icon name={icon} />{t(name)}</button>
            ))}
            <button class="btn" type="button" onClick={() => setOpen(false)}><Icon name="left" />{t('back')}</button>
          </div>
        </Sheet>
      )}
    </>
  );
}

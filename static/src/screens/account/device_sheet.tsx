// One device: what it told last, and what to do when it is lost.
import { useState } from 'preact/hooks';
import { Banner, core, Icon, n, problemText, Sheet, t, Time } from '../../ui';
import type { Device } from './device';

interface Props {
  device: Device;
  owner: { person: string; name: string };
  may: boolean; // let it in again: not oneself
  changed: () => Promise<void>;
  onClose: () => void;
}

type Order = 'block' | 'wipe' | 'wipe_all' | 'allow';

export function DeviceSheet({ device: d, owner, may, changed, onClose }: Props) {
  const [asked, setAsked] = useState(false); // to wipe: said once more before it is done
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const order = async (what: Order) => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    await core.fetchJSON(`/api/devices/${encodeURIComponent(owner.person)}/${d.id}/${what}`, { method: 'POST', body: {} }).then(() => setAsked(false), (e) => setWrong(problemText(e)));
    await changed();
    setBusy(false);
  };
  return (
    <Sheet title={d.here ? t('devices.here', { name: d.name }) : d.name} onClose={onClose}>
      <dl class="facts">
        <dt>{t('devices.owner')}</dt><dd>{owner.name}</dd>
        <dt>{t('devices.seen')}</dt><dd><Time at={d.seen} /></dd>
        <dt>{t('devices.app')}</dt><dd>{d.app || t('devices.unknown')}</dd>
        <dt>{t('devices.waiting')}</dt><dd>{d.unsent > 0 ? n('devices.unsent', d.unsent) : t('devices.nothing')}</dd>
        <dt>{t('devices.made')}</dt><dd><Time at={d.made} /></dd>
        <dt>{t('devices.state')}</dt><dd>{t(`devices.state_${d.state}`)}{d.since && <>, <Time at={d.since} /></>}</dd>
      </dl>
      {d.rollback && <Banner icon="alert" kind="soon">{t('devices.rollback')} <Time at={d.rollback} /></Banner>}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {d.state === 'wipe' && d.unsent > 0 && <Banner icon="wait">{n('devices.wipe_waits', d.unsent)}</Banner>}
      {d.here ? <p>{t('devices.this_one')}</p> : asked && d.state === 'wipe' ? (
        <div class="stack" role="status">
          <p>{d.unsent > 0 ? n('devices.wipe_all_sure', d.unsent) : t('devices.wipe_all_unknown')}</p>
          <div class="decide">
            <Choice icon="left" name={t('back')} busy={busy} onClick={() => setAsked(false)} />
            <Choice icon="alert" name={t('devices.wipe_all_yes')} what={t('devices.wipe_all_what')} busy={busy} onClick={() => void order('wipe_all')} />
          </div>
        </div>
      ) : asked ? (
        <div class="stack" role="status">
          <p>{t('devices.wipe_sure')}{d.unsent > 0 && <> {n('devices.wipe_unsent', d.unsent)}</>}</p>
          <div class="decide">
            <Choice icon="lock" name={t('devices.wipe_yes')} what={t('devices.wipe_what')} busy={busy} onClick={() => void order('wipe')} />
            <Choice icon="left" name={t('back')} busy={busy} onClick={() => setAsked(false)} />
          </div>
        </div>
      ) : (
        <div class="decide">
          {may && (d.state === 'blocked' || d.state === 'wipe' || d.state === 'wipe_all') && <Choice icon="check" name={t('devices.allow')} what={t('devices.allow_what')} busy={busy} onClick={() => void order('allow')} />}
          {(d.state === 'active' || d.state === 'wipe' || d.state === 'wipe_all') && <Choice icon="lock" name={t(d.state === 'active' ? 'devices.block' : 'devices.wipe_not')} what={t('devices.block_what')} busy={busy} onClick={() => void order('block')} />}
          {(d.state === 'active' || d.state === 'blocked') && <Choice icon="mobile" name={t('devices.wipe')} what={t('devices.wipe_what')} busy={busy} onClick={() => setAsked(true)} />}
          {may && d.state === 'wipe' && <Choice icon="alert" name={t('devices.wipe_all')} what={t('devices.wipe_all_when')} busy={busy} onClick={() => setAsked(true)} />}
        </div>
      )}
      {d.state === 'wiped' && <p>{t('devices.receipt')}</p>}
      <button class="btn is-block" type="button" onClick={onClose}>{t('devices.close')}</button>
    </Sheet>
  );
}

function Choice({ icon, name, what, busy, onClick }: { icon: string; name: string; what?: string; busy: boolean; onClick: () => void }) {
  return (
    <button class="btn" type="button" aria-disabled={busy} onClick={onClick}>
      <Icon name={icon} /><span>{name}{what && <small>{what}</small>}</span>
    </button>
  );
}

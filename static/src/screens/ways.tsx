// How one unlocks on this phone: more than one way, changed and taken away; the last
// one stays. The vault is opened once more before anything changes.
import { useEffect, useState } from 'preact/hooks';
import type { Key, Way, WayChange } from '../core/api';
import { passkeysHere } from '../core/passkey';
import { Banner, core, Crumb, Icon, Row, Rows, Screen, session, t } from '../ui';
import { Words } from './gate/enrol';
import { Open } from './gate/open';

type Step = { at: 'list' } | { at: 'words' } | { at: 'prove'; change: WayChange };

export default function Ways() {
  const [ways, setWays] = useState<Way[]>(core.ways());
  const [passkeys, setPasskeys] = useState(false);
  const [step, setStep] = useState<Step>({ at: 'list' });
  const [done, setDone] = useState('');
  useEffect(() => void passkeysHere().then(setPasskeys), []);
  const begin = (next: Step) => { setDone(''); setStep(next); };
  const apply = (change: WayChange) => async (how: Key) => {
    await core.changeWays(how, change);
    setWays(core.ways());
    setDone(t('add' in change ? 'ways.added' : 'ways.removed'));
    setStep({ at: 'list' });
  };
  return (
    <Screen title={t('ways.title')} top={<Crumb to="/more">{t('more.title')}</Crumb>}>
      <section class="stack">
        <h1>{t('ways.title')}</h1>
        {done && <Banner icon="check" live>{done}</Banner>}
        {step.at === 'list' && <List ways={ways} passkeys={passkeys} begin={begin} />}
        {step.at === 'words' && <Words name={session().person.name} plain={false} busy={false} enrol={async (how) => setStep({ at: 'prove', change: { add: how } })} />}
        {step.at === 'prove' && (
          <>
            <p>{t('ways.prove')}</p>
            <Open ways={ways} until={0} button={t('ways.go_on')} open={(how) => apply(step.change)(how)} />
          </>
        )}
        {step.at !== 'list' && <button class="link" type="button" onClick={() => setStep({ at: 'list' })}>{t('back')}</button>}
      </section>
    </Screen>
  );
}

function List({ ways, passkeys, begin }: { ways: Way[]; passkeys: boolean; begin: (step: Step) => void }) {
  const has = (way: Way) => ways.includes(way);
  return (
    <>
      <p>{t('ways.intro')}</p>
      <Rows>{ways.map((way) => <Row key={way} lead={<Icon name={way === 'passkey' ? 'mobile' : 'key'} />} title={t(`ways.${way}`)} end={<Icon name="check" />} />)}</Rows>
      <div class="decide">
        <Choice icon="key" name={t(has('passphrase') ? 'ways.change_passphrase' : 'ways.add_passphrase')} onClick={() => begin({ at: 'words' })} />
        {passkeys && <Choice icon="mobile" name={t(has('passkey') ? 'ways.change_passkey' : 'ways.add_passkey')} what={t('ways.passkey_what')} onClick={() => begin({ at: 'prove', change: { add: { passkey: true } } })} />}
        {ways.length > 1 && ways.map((way) => <Choice key={way} icon="x" name={t(`ways.remove_${way}`)} onClick={() => begin({ at: 'prove', change: { remove: way } })} />)}
      </div>
    </>
  );
}

function Choice({ icon, name, what, onClick }: { icon: string; name: string; what?: string; onClick: () => void }) {
  return <button class="btn" type="button" onClick={onClick}><Icon name={icon} /><span>{name}{what && <small>{what}</small>}</span></button>;
}

// More: language, light, notifications, the phone itself, and the rules behind it all.
import { useEffect, useState } from 'preact/hooks';
import { allowed, choices, choose, chosen } from '../core/lock';
import { alwaysLight, setAlwaysLight } from '../theme';
import { setLanguage } from '../text';
import { Banner, core, Heading, Icon, lang, n, Nav, Pick, problemText, Row, Rows, Screen, session, t, Tick } from '../ui';
import { InstallHint } from '../ui/install';
import { wordsOf } from './refused/words_of';

/** Who sees a row `recovery` or `recovery.second` of access.md; the server asks the table itself. */
const secondPair = ['administrator', 'coordinator', 'landlord_manager', 'social_manager'];
/** Who keeps the organisation's work: access.md's rows rescue, erasure, verification. */
const keepers = ['landlord_manager', 'social_manager', 'administrator'];
/** Who may see households beyond those they carry. */
const searchers = ['coordinator', 'collections', 'landlord_manager', 'social_worker', 'child_worker', 'social_manager'];

export default function More() {
  const s = session();
  return (
    <Screen title={t('more.title')} nav={<Nav at="/more" />} top={<Heading>{t('more.title')}</Heading>}>
      <p>{t('more.signed_in', { name: s.person.name, org: s.org.name })}{s.demo && <span class="sub small soft">{t('in.demo')}</span>}</p>
      <InstallHint />
      <Rows>
        {[
          <Row to="/tray" lead={<Icon name="mobile" />} title={t('more.tray')} />,
          <Row to="/devices" lead={<Icon name="shield" />} title={t('more.devices')} />,
          <Row to="/ways" lead={<Icon name="key" />} title={t('more.ways')} />,
          ...(s.person.role === 'administrator' ? [<Row to="/people" lead={<Icon name="team" />} title={t('people.row')} />] : []),
          ...(secondPair.includes(s.person.role) ? [<Row to="/recovery" lead={<Icon name="users" />} title={t('more.recovery')} />] : []),
          <Row to="/organisation" lead={<Icon name="cases" />} title={t('more.organisation')} />,
          ...(searchers.includes(s.person.role) ? [<Row to="/search" lead={<Icon name="search" />} title={t('more.search')} />] : []),
          ...(keepers.includes(s.person.role) ? [
            <Row to="/rescue" lead={<Icon name="lock" />} title={t('more.rescue')} />,
            ...(s.person.role === 'administrator' ? [<Row to="/limits" lead={<Icon name="wait" />} title={t('more.limits')} />] : []),
            <Row to="/log" lead={<Icon name="eye" />} title={t('more.log')} />,
            <Row to="/erasure" lead={<Icon name="box" />} title={t('more.erasure')} />,
          ] : []),
          <Row to="/why/access" lead={<Icon name="eye" />} title={t('more.why_access')} />,
          <Row to="/why/rules" lead={<Icon name="split" />} title={t('more.why_rules')} />,
          <Row to="/why/method" lead={<Icon name="method" />} title={t('more.why_method')} />,
        ]}
      </Rows>
      <Languages />
      <section class="stack">
        <h2>{t('more.theme')}</h2>
        <div class="card is-flush"><Tick checked={alwaysLight()} onChange={setAlwaysLight} small={t('more.theme_hint')}>{t('more.theme_light')}</Tick></div>
      </section>
      <Notifications />
      <TheLock />
      <ThePhone />
      <SignOut />
      <Remove />
    </Screen>
  );
}

function Languages() {
  return (
    <fieldset class="stack">
      <legend><h2>{t('more.language')}</h2></legend>
      <div class="pair">
        <Pick name="language" checked={lang() === 'sv'} onChange={() => void setLanguage('sv')}><span lang="sv">{t('more.swedish')}</span></Pick>
        <Pick name="language" checked={lang() === 'en'} onChange={() => void setLanguage('en')}><span lang="en">{t('more.english')}</span></Pick>
      </div>
    </fieldset>
  );
}

function Notifications() {
  const state = core.push.state.value;
  const [wrong, setWrong] = useState('');
  const change = async (on: boolean) => {
    setWrong('');
    try {
      await (on ? core.push.enable() : core.push.disable());
    } catch (e) {
      setWrong(problemText(e));
    }
  };
  const why = { unsupported: 'more.push_unsupported', needs_install: 'more.push_install', denied: 'more.push_denied' } as const;
  return (
    <section class="stack">
      <h2>{t('more.push')}</h2>
      {state in why ? (
        <p>{t(why[state as keyof typeof why])}</p>
      ) : (
        <div class="card is-flush"><Tick checked={state === 'on'} onChange={change} small={t('more.push_text')}>{t('more.push_on')}</Tick></div>
      )}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
    </section>
  );
}

/** When the app locks itself, on this phone: not later than the organisation allows; and the lock itself. */
function TheLock() {
  const most = allowed(core.limits.value);
  const [, redraw] = useState({});
  const limits = chosen(most);
  const pick = (name: 'unused' | 'hidden', minutes: number) => {
    choose(name, minutes);
    redraw({});
  };
  return (
    <section class="stack">
      <h2>{t('more.lock')}</h2>
      <p class="soft">{t('more.lock_most')}</p>
      {(['unused', 'hidden'] as const).map((name) => (
        <fieldset key={name} class="stack">
          <legend>{t(`more.lock_${name}`)}</legend>
          <div class="tiles">
            {choices(name, most[name]).map((minutes) => (
              <Pick key={minutes} name={`lock-${name}`} checked={limits[name] === minutes} onChange={() => pick(name, minutes)}>{n('more.minutes', minutes)}</Pick>
            ))}
          </div>
        </fieldset>
      ))}
      <button class="btn is-block" type="button" onClick={() => void core.lock()}><Icon name="lock" />{t('more.lock_now')}</button>
    </section>
  );
}

function ThePhone() {
  const { storage, newVersion } = core.sync.value;
  const s = session();
  return (
    <section class="stack">
      <h2>{t('more.phone')}</h2>
      <p>{t(storage.persisted ? 'more.persisted' : 'more.not_persisted')}</p>
      {newVersion && <Banner icon="sync">{t('version.waiting')} <button class="link" type="button" onClick={() => core.applyNewVersion()}>{t('version.now')}</button></Banner>}
      <dl class="facts small">
        <dt>{t('more.device')}</dt><dd>{s.device.slice(0, 8)}</dd>
        <dt>{t('more.version')}</dt><dd>{document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content}</dd>
      </dl>
      <a class="link" href={LICENCES} target="_blank" rel="noopener">{t('more.licences')}</a>
    </section>
  );
}

interface Farewell { name: string; url: string }

/** Never throws unsent work away: it offers the ways to get it off this phone. Whoever
 *  came through their organisation's provider can sign out there as well. */
function SignOut() {
  const [there, setThere] = useState<Farewell | null>(null);
  useEffect(() => {
    core.fetchJSON<Farewell | null>('/api/oidc/out').then(setThere, () => undefined); // without a network there is signing out here
  }, []);
  const [wrong, setWrong] = useState('');
  const [asked, setAsked] = useState(false);
  const { unsent } = core.sync.value;
  const out = (to?: string) => {
    setAsked(true);
    setWrong('');
    if (unsent === 0) core.signOut(to).catch((e) => setWrong(problemText(e)));
  };
  return (
    <section class="stack">
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {asked && unsent > 0 && (
        <div class="card stack" role="status">
          <h2>{t('more.unsent')}</h2>
          <p>{n('more.unsent_text', unsent)}</p>
          <div class="pair">
            <button class="btn is-small" type="button" onClick={() => core.syncNow()}><Icon name="sync" small />{t('more.send_now')}</button>
            <a class="btn is-small" href="/tray"><Icon name="lock" small />{t('more.save_file')}</a>
          </div>
        </div>
      )}
      <button class="btn is-block" type="button" onClick={() => out()}>{t('more.sign_out')}</button>
      {there && <button class="btn is-block" type="button" onClick={() => out(there.url)}>{t('more.sign_out_there', { name: there.name })}</button>}
    </section>
  );
}

/** What goes with the app when it is removed: a browser asks nobody. */
function Remove() {
  const { unsent } = core.sync.value;
  const stopped = core.items.value.filter(({ step: { step }, ...item }) => step === 'refused' || step === 'lost' || (step === 'held' && wordsOf(item)));
  const only = unsent + core.photos.waiting.value.length + stopped.length;
  const begun = core.draftKeys().filter((key) => !/^(about:|plan-chosen$)/.test(key)).length; // what a note is about, and a choice, are no work of their own
  return (
    <section class="stack tight">
      <h2>{t('more.remove')}</h2>
      {only > 0 && <p>{n('more.remove_unsent', only)}</p>}
      {begun > 0 && <p>{n('more.remove_begun', begun)}</p>}
      {only + begun === 0 && <p>{t('more.remove_safe')}</p>}
      {only > 0 && <div><a class="btn is-small" href="/tray"><Icon name="lock" small />{t('more.remove_first')}</a></div>}
    </section>
  );
}

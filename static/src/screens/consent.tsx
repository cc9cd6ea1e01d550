// Before a consent: which language, and whether the phone is handed over. Handing over
// closes the vault; a colleague can also write down what is said, or signed on paper.
import { useState } from 'preact/hooks';
import { Banner, Bar, core, Crumb, Icon, Link, me, Screen, t, Tick, type ScreenProps } from '../ui';
export { default as Handed } from './handed';
export { AtVisit, OfCase } from './withdraw';
import { NoWords } from './phone/consent_parts';
import { Flow } from './phone/consent_flow';
import { readForm, type ConsentForm } from './phone/consent_form';
import { ChooseTongue } from './phone/consent_steps';
import { companions, nameOf, visitOf, type Visit } from './phone/contacts';
import { agreement } from './phone/parts';
import { ownTongue } from './phone/tongue';
import { throwAway } from './phone/unsaved_picture';
import { NotFound } from './phone/visit_after';
import type { Rec } from '../core/api';

/** The visit, where there is one and words to agree to. */
function withVisit(id: string, show: (visit: Visit) => preact.JSX.Element) {
  const contact = core.get('contact', id);
  if (!contact) return <NotFound />;
  return agreement()?.f.wording ? show(visitOf(contact)) : <NoWords back={`/visit/${id}`} />;
}

export default function Consent({ params: { id } }: ScreenProps) {
  return withVisit(id, (visit) => <Begin key={id} visit={visit} />);
}

/** A colleague holds the phone and writes. */
export function Own({ params: { id } }: ScreenProps) {
  return withVisit(id, (visit) => <Flow key={id} visit={visit} handed={false} />);
}

function Begin({ visit: { contact, household, tenants } }: { visit: Visit }) {
  const draft = core.draft(`consent:${contact.id}`);
  const [form, keep] = useState(() => readForm(draft.text.peek(), tenants, ownTongue(household?.f.language)));
  const [going, setGoing] = useState(false);
  const [cannot, setCannot] = useState(false);
  const set = (f: typeof form) => {
    keep(f);
    draft.set(JSON.stringify(f));
  };
  const hand = () => {
    setGoing(true);
    form.papers.forEach((id) => void throwAway(id)); // the tenant's page could not show them
    set({ ...form, papers: [] });
    core.handOver(contact.id).catch(() => {
      setGoing(false);
      setCannot(true);
    });
  };
  return (
    <Screen
      title={t('consent.title')}
      top={<Crumb to={`/visit/${contact.id}`}>{t('phone.form.visit')}</Crumb>}
      bar={
        <Bar label={t('consent.title')}>
          <Link class="btn" to={`/visit/${contact.id}/consent/own`}>{t('consent.own')}</Link>
          <button class="btn is-primary" type="button" aria-disabled={going} onClick={() => !going && hand()}>{t('consent.hand')}</button>
        </Bar>
      }
    >
      <h1>{t('consent.title')}</h1>
      {cannot && <Banner icon="info" kind="soon" live>{t('consent.hand_cannot')}</Banner>}
      <section class="card stack">
        <h2>{t('consent.hand_title')}</h2>
        <ul class="stack tight">
          {(['hand_locks', 'hand_only', 'hand_back'] as const).map((k) => <li key={k} class="cluster"><Icon name="check" small accent /><span class="grow">{t(`consent.${k}`)}</span></li>)}
        </ul>
        <Banner icon="info">{t('consent.hand_apps')}</Banner>
      </section>
      <Along contact={contact} form={form} set={set} />
      <ChooseTongue form={form} set={set} />
      <section class="stack tight">
        <h2>{t('consent.own')}</h2>
        <p>{t('consent.own_text')}</p>
      </section>
    </Screen>
  );
}

/** Who came along: it stands on the consent, and the tenant cannot know it. */
function Along({ contact, form, set }: { contact: Rec; form: ConsentForm; set: (f: ConsentForm) => void }) {
  const planned = companions(contact, me());
  if (planned.length === 0) return null;
  return (
    <fieldset class="stack tight">
      <legend><h2>{t('consent.along')}</h2></legend>
      <p>{t('consent.along_hint')}</p>
      {planned.map((p) => (
        <Tick key={p} checked={!form.absent.includes(p)} onChange={(here) => set({ ...form, absent: here ? form.absent.filter((a) => a !== p) : [...form.absent, p] })}>{nameOf(p)}</Tick>
      ))}
    </fieldset>
  );
}

// Consent at the door: the phone is handed over, and the tenant reads, chooses and signs.
import { useState } from 'preact/hooks';
import { Bar, Banner, core, Crumb, Empty, Icon, Link, newId, reasonText, Screen, StepLine, t, useTitle, type ScreenProps } from '../ui';
import { agreement, Trouble } from './phone/parts';
import { visitOf, type Visit } from './phone/contacts';
import { givingChanges, markChanges, readForm, wrongWithPartners, wrongWithSigning, type ConsentForm, type Wrong } from './phone/consent_form';
import { copyHash, newCode, showCode } from './phone/copy';
import { withEvidence } from './phone/evidence';
import { Choose, Read, Sign, Steps } from './phone/consent_steps';
import { takeBack } from './phone/outcomes';
import { useSave } from './phone/use_save';
import { NotFound } from './phone/visit_after';

export default function Consent({ params: { id } }: ScreenProps) {
  const contact = core.get('contact', id);
  if (!contact) return <NotFound />;
  if (!agreement()?.f.wording) return <NoWords id={id} />;
  return <Open key={id} visit={visitOf(contact)} />;
}

interface Done {
  answer: 'given' | 'declined';
  commits: string[]; // the consent first, then the landlord's own mark
  code: string; // the tenant's own way to withdraw; kept nowhere but here
}

function Open({ visit }: { visit: Visit }) {
  const { contact, household, tenants } = visit;
  const draft = core.draft(`consent:${contact.id}`);
  const [form, keep] = useState(() => readForm(draft.text.peek(), tenants));
  const [tried, setTried] = useState(0); // the step whose mistakes are shown, and go as they are put right
  const [done, setDone] = useState<Done | null>(null);
  const saver = useSave();
  const wrong = tried === form.step ? wrongWith(form) : {};
  const set = (f: ConsentForm) => {
    keep(f);
    draft.set(JSON.stringify(f));
  };
  const turn = (step: ConsentForm['step']) => {
    set({ ...form, step });
    scrollTo(0, 0);
  };
  const answer = async (value: 'given' | 'declined') => {
    const handle = handleFor(contact.f.household);
    const commits: string[] = [];
    const code = value === 'given' ? newCode() : '';
    const giving = await withEvidence(givingChanges(form, value, contact, handle, code ? [await copyHash(code)] : undefined), (bytes) => core.sign(bytes));
    for (const changes of [giving, markChanges(form, value, contact, handle, giving[0].record)]) {
      const commit = await saver.save(changes);
      if (!commit) return;
      commits.push(commit);
    }
    await draft.clear();
    setDone({ answer: value, commits, code });
    scrollTo(0, 0);
  };
  const onward = () => {
    const first = Object.keys(wrongWith(form))[0];
    setTried(first ? form.step : 0);
    if (first) document.getElementById(first)?.focus();
    else if (form.step === 3) void answer('given');
    else turn(form.step === 1 ? 2 : 3);
  };
  if (done) return <Answered done={done} visit={visit} again={() => { setDone(null); set(readForm('', tenants)); }} />;
  return (
    <Handed
      step={form.step}
      back={form.step > 1 ? () => turn(form.step === 3 ? 2 : 1) : undefined}
      contact={contact.id}
      bar={
        <Bar label={t('consent.answer')}>
          <button class="btn" type="button" onClick={() => answer('declined')}>{t('consent.no')}</button>
          <button class="btn is-primary" type="button" onClick={onward}>{t(`consent.onward.${form.step}`)}</button>
        </Bar>
      }
    >
      <Trouble problem={saver.problem} />
      {form.step === 1 && <Read household={household} />}
      {form.step === 2 && <Choose form={form} set={set} wrong={wrong} />}
      {form.step === 3 && <Sign form={form} set={set} wrong={wrong} contact={contact} tenants={tenants} />}
    </Handed>
  );
}

const wrongWith = (f: ConsentForm): Wrong => (f.step === 2 ? wrongWithPartners(f) : f.step === 3 ? wrongWithSigning(f) : {});

/** The file that withdrawals are counted in: the same one for the household each time. */
const handleFor = (household: string): string =>
  core.list('consent_mark').value.find((m) => m.f.household === household && m.f.handle)?.f.handle ?? newId();

interface HandedProps {
  step: 1 | 2 | 3;
  contact: string;
  back?: () => void;
  bar: preact.ComponentChildren;
  children: preact.ComponentChildren;
}

/** No navigation and no other case within reach: the phone is the tenant's now. */
function Handed({ step, contact, back, bar, children }: HandedProps) {
  useTitle(t('consent.title'));
  return (
    <div class="app">
      <header class="crumb">
        {back
          ? <button class="link" type="button" onClick={back}><Icon name="left" flip />{t('back')}</button>
          : <Yours />}
        {!back && <Link class="link is-end" to={`/visit/${contact}`}>{t('consent.leave')}</Link>}
      </header>
      <main id="main" tabIndex={-1}><Steps at={step} />{children}</main>
      {bar}
    </div>
  );
}

const Yours = () => <span class="cluster"><Icon name="lock" /><b>{t('consent.yours')}</b></span>;

/** What happened to the answer, no further than it has come. */
function Answered({ done, visit, again }: { done: Done; visit: Visit; again: () => void }) {
  const [late, setLate] = useState(false);
  const step = core.stepOfCommit(done.commits[0]).value;
  const unsent = done.commits.every((c) => core.stepOfCommit(c).value?.step === 'phone');
  const where = step?.step === 'saved' || step?.step === 'held' || step?.step === 'refused' ? step.step : 'phone';
  const undo = async () => {
    if (await takeBack([...done.commits].reverse())) again();
    else setLate(true);
  };
  return (
    <Screen
      title={t('consent.title')}
      top={<header class="crumb"><Yours /></header>}
      bar={<Bar label={t('consent.answer')}><Link class="btn is-primary is-block" to={`/visit/${visit.contact.id}`}>{t('consent.done.back')}</Link></Bar>}
    >
      <section class="stack">
        <h1>{t(`consent.done.${done.answer}`)}</h1>
        <p>{where === 'refused' ? reasonText(step?.code ?? '', step?.sentence) : t(`consent.done.${done.answer}_${where}`, { social: agreement()!.f.social_name, unit: agreement()!.f.unit_name })}</p>
        <div class="cluster apart">
          <StepLine step={step} />
          {unsent && <button class="link" type="button" onClick={undo}><Icon name="undo" small />{t('phone.undo')}</button>}
        </div>
        {late && <p role="status">{t('phone.undo_late')}</p>}
      </section>
      {done.answer === 'given' && (
        <>
          <Banner icon="info" title={t('consent.copy.title')}>{t('consent.copy.text', { unit: agreement()!.f.unit_name, phone: agreement()!.f.unit_phone })}</Banner>
          <section class="card stack tight">
            <h2>{t('consent.code.title')}</h2>
            <p class="door">{showCode(done.code)}</p>
            <p>{t('consent.code.text', { where: `${location.host}/withdraw` })}</p>
          </section>
        </>
      )}
    </Screen>
  );
}

/** Without an agreement there are no words to agree to. */
function NoWords({ id }: { id: string }) {
  return (
    <Screen title={t('consent.title')} top={<Crumb to={`/visit/${id}`}>{t('phone.form.visit')}</Crumb>}>
      <h1>{t('consent.title')}</h1>
      <Empty icon="sign" title={t('consent.no_words.title')}><p>{t('consent.no_words.text')}</p></Empty>
    </Screen>
  );
}

// A consent from the first word to the answer: read, choose, sign. The tenant goes
// through it on a phone that was handed over, or a colleague writes it down for them.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Bar, Banner, core, Icon, Link, reasonText, StepLine, t, useTitle } from '../../ui';
import { agreement, Trouble } from './parts';
import type { Visit } from './contacts';
import { givingChanges, markChanges, readForm, signedBy, signerName, wrongWithPartners, wrongWithSigning, type ConsentForm, type PaperPhoto, type Said, type Wrong } from './consent_form';
import { Steps } from './consent_parts';
import { Sign } from './consent_sign';
import { copyAddress, copyHash, newCode, newSecret, showCode } from './copy';
import { withPhotos } from './paper_photos';
import { throwAway } from './unsaved_picture';
import { Problem } from '../../core/api';
import { CopyPaper, type Agreed, type Own } from './copy_paper';
import { Qr } from './qr';
import { withEvidence } from './evidence';
import { focusHeading } from './focus_heading';
import { Choose, ChooseTongue, Read } from './consent_steps';
import { handleOf } from './handle';
import { takeBack } from './outcomes';
import { useSave } from './use_save';
import { Both, fillWords, Other, ownTongue, shownAs, useBeside, type Beside } from './tongue';

interface Done {
  answer: Said;
  commits: string[]; // the consent first, then the landlord's own mark
  copies: Own[]; // kept nowhere but here
  agreed: Agreed;
}

/** `handed`: the phone is the tenant's, and nothing but this can be reached. Otherwise
 *  a colleague holds it and writes down what is said or signed on paper. */
export function Flow({ visit, handed }: { visit: Visit; handed: boolean }) {
  const { contact, household, tenants } = visit;
  const draft = core.draft(`consent:${contact.id}`);
  const [form, keep] = useState(() => readForm(draft.text.peek(), tenants, ownTongue(household?.f.language)));
  const beside = useBeside(form.tongue);
  const [tried, setTried] = useState(0); // the step whose mistakes are shown, and go as they are put right
  const [done, setDone] = useState<Done | null>(null);
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const saver = useSave();
  const going = useRef(false);
  const wrong = tried === form.step ? wrongWith(form) : {};
  const latest = useRef(form);
  const set = (f: ConsentForm) => {
    keep((latest.current = f));
    draft.set(JSON.stringify(f));
  };
  const papers = {
    ids: form.papers,
    add: (id: string) => set({ ...latest.current, papers: [...latest.current.papers, id] }),
    drop: (id: string) => set({ ...latest.current, papers: latest.current.papers.filter((each) => each !== id) }),
  };
  const turn = (step: ConsentForm['step']) => {
    set({ ...form, step });
    scrollTo(0, 0);
  };
  /** Pictures of the paper are kept first, so that the consent can name them. */
  const answer = async (value: Said) => {
    if (going.current) return; // a second tap
    going.current = true;
    const papers = value === 'given' && signedBy(form, 'paper') && !handed ? form.papers : [];
    setTrouble(null);
    try {
      await withPhotos(papers, (photos) => say(value, photos));
    } catch (e) {
      setTrouble(e instanceof Problem ? e : new Problem('unknown'));
    }
    going.current = false;
  };
  const say = async (value: Said, photos: PaperPhoto[]): Promise<boolean> => {
    const handle = handleOf(contact.f.case);
    const copies = value === 'given' ? form.signers.map((s): Own => ({ name: signerName(s), code: newCode(), secret: newSecret() })) : [];
    const hashes = await Promise.all(copies.map((own) => Promise.all([copyHash(own.code), copyHash(own.secret)])));
    const giving = await withEvidence(givingChanges(form, value, contact, handle, beside && shownAs(beside), hashes, photos), (bytes) => core.sign(bytes));
    // The consent and the landlord's own mark: a phone that died between them would ask again.
    const commits = await saver.saveAll([giving, markChanges(form, value, contact, handle, giving[0].record)]);
    if (!commits) return false;
    form.papers.forEach((id) => void throwAway(id));
    await draft.clear();
    const { day, place, partners } = giving[0].fields as unknown as Agreed;
    setDone({ answer: value, commits, copies, agreed: { day, place, partners, named: { landlord: agreement()!.f.landlord_name, relatives: form.relatives.trim(), other: form.other.trim() } } });
    scrollTo(0, 0);
    return true;
  };
  const arrived = useRef(!handed); // a page that was handed over is a new one
  useEffect(() => {
    if (!arrived.current) focusHeading();
    arrived.current = false;
  }, [form.step, done]);
  const onward = () => {
    const first = Object.keys(wrongWith(form))[0];
    setTried(first ? form.step : 0);
    if (first) document.getElementById(first)?.focus();
    else if (form.step === 3) void answer('given');
    else turn(form.step === 1 ? 2 : 3);
  };
  if (done) return <Answered done={done} visit={visit} handed={handed} beside={beside} again={() => { setDone(null); set(readForm('', tenants, form.tongue)); }} />;
  return (
    <Frame
      handed={handed}
      step={form.step}
      back={form.step > 1 ? () => turn(form.step === 3 ? 2 : 1) : undefined}
      contact={contact.id}
      bar={
        <Bar label={t('consent.answer')}>
          <button class="btn" type="button" onClick={() => answer('declined')}><span><Both beside={beside} word="no">{t('consent.no')}</Both></span></button>
          <button class="btn is-primary" type="button" onClick={onward}><span><Both beside={beside} word={onwardWord[form.step]}>{t(`consent.onward.${form.step}`)}</Both></span></button>
        </Bar>
      }
    >
      <Trouble problem={trouble ?? saver.problem} />
      {form.step === 1 && <ChooseTongue form={form} set={set} />}
      {form.step === 1 && <Read household={household} beside={beside} />}
      {form.step === 2 && <Choose form={form} set={set} wrong={wrong} beside={beside} />}
      {form.step === 3 && <Sign form={form} set={set} wrong={wrong} beside={beside} contact={contact} tenants={tenants} papers={handed ? undefined : papers} />}
      <button class="btn is-quiet" type="button" onClick={() => answer('asked')}><span><Both beside={beside} word="later">{t('consent.later')}</Both></span></button>
    </Frame>
  );
}

const onwardWord = { 1: 'read', 2: 'next', 3: 'sign' } as const;
const wrongWith = (f: ConsentForm): Wrong => (f.step === 2 ? wrongWithPartners(f) : f.step === 3 ? wrongWithSigning(f) : {});

interface FrameProps {
  handed: boolean;
  step?: 1 | 2 | 3;
  contact: string;
  back?: () => void;
  bar: preact.ComponentChildren;
  children: preact.ComponentChildren;
}

/** No navigation and no other case within reach: the phone is the tenant's now. */
function Frame({ handed, step, contact, back, bar, children }: FrameProps) {
  useTitle(t('consent.title'));
  return (
    <div class="app">
      <header class="crumb">
        {back
          ? <button class="link" type="button" onClick={back}><Icon name="left" flip />{t('back')}</button>
          : handed && <Yours />}
        {!back && step && <Leave handed={handed} contact={contact} />}
      </header>
      <main id="main" tabIndex={-1}>{step && <Steps at={step} />}{children}</main>
      {bar}
    </div>
  );
}

/** Away from the consent: from a phone that was handed over only to the lock. */
const Leave = ({ handed, contact }: { handed: boolean; contact: string }) =>
  handed
    ? <button class="link is-end" type="button" onClick={() => void core.lock()}>{t('consent.leave')}</button>
    : <Link class="link is-end" to={`/visit/${contact}`}>{t('consent.leave')}</Link>;

const Yours = () => <span class="cluster"><Icon name="lock" /><b>{t('consent.yours')}</b></span>;

/** What happened to the answer, no further than it has come. */
function Answered({ done, visit, handed, beside, again }: { done: Done; visit: Visit; handed: boolean; beside: Beside | null; again: () => void }) {
  const [late, setLate] = useState(false);
  const step = core.stepOfCommit(done.commits[0]).value;
  const unsent = done.commits.every((c) => core.stepOfCommit(c).value?.step === 'phone');
  const rung = step?.step === 'saved' || step?.step === 'held' || step?.step === 'refused' ? step.step : 'phone';
  const undo = async () => {
    if (await takeBack([...done.commits].reverse())) again();
    else setLate(true);
  };
  return (
    <Frame
      handed={handed}
      contact={visit.contact.id}
      bar={
        <Bar label={t('consent.answer')}>
          {handed
            ? <button class="btn is-primary is-block" type="button" onClick={() => void core.lock()}>{t('consent.done.back')}</button>
            : <Link class="btn is-primary is-block" to={`/visit/${visit.contact.id}`}>{t('consent.done.to_visit')}</Link>}
        </Bar>
      }
    >
      <section class="stack">
        <h1><Both beside={beside} word={done.answer}>{t(`consent.done.${done.answer}`)}</Both></h1>
        <p>{rung === 'refused' ? reasonText(step?.code ?? '', step?.sentence) : t(`consent.done.${done.answer}_${rung}`, { social: agreement()!.f.social_name, unit: agreement()!.f.unit_name })}</p>
        {beside && done.answer !== 'given' && <p><Other beside={beside}>{beside.words.door.not_shared}</Other></p>}
        <div class="cluster apart">
          <StepLine step={step} />
          {unsent && <button class="link" type="button" onClick={undo}><Icon name="undo" small />{t('phone.undo')}</button>}
        </div>
        {late && <p role="status">{t('phone.undo_late')}</p>}
      </section>
      {done.answer === 'given' && (
        <>
          <Banner icon="info" title={t('consent.copy.title')}>{t('consent.copy.text', { unit: agreement()!.f.unit_name, phone: agreement()!.f.unit_phone })}</Banner>
          {done.copies.map((own) => <Copy key={own.code} own={own} many={done.copies.length > 1} beside={beside} />)}
          <CopyPaper copies={done.copies} agreed={done.agreed} beside={beside} />
        </>
      )}
    </Frame>
  );
}

/** The code to write down and the square to take a picture of, once for each who signed. */
function Copy({ own, many, beside }: { own: Own; many: boolean; beside: Beside | null }) {
  const where = `${location.host}/withdraw`;
  return (
    <section class="card stack tight">
      <h2><Both beside={beside} word="code">{t('consent.code.title')}</Both></h2>
      {many && <p><b>{own.name}</b></p>}
      <p class="code">{showCode(own.code)}</p>
      <Qr text={copyAddress(location.origin, own.secret, beside?.tongue.language)} label={t('consent.code.scan')} />
      <p>{t('consent.code.text', { where })}</p>
      {beside && <p><Other beside={beside}>{fillWords(beside.words.door.code_text, { where }, beside.tongue.dir)}</Other></p>}
    </section>
  );
}

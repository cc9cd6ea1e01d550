// A tenant takes a consent back: at the door, on the telephone, in a letter. It is never
// refused and waits for nothing, so no field has to be filled in.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner, Bar, core, Crumb, Gone, Icon, Link, me, newId, now, Pick, Screen, session, StepLine, t, TextField, WhoSees, type ScreenProps } from '../ui';
import { useDraft } from '../ui/draft';
import { NoWords } from './phone/consent_parts';
import { focusHeading } from './phone/focus_heading';
import { handleOf } from './phone/handle';
import { isCall, takeBack } from './phone/outcomes';
import { agreement, Net, Trouble } from './phone/parts';
import { useSave } from './phone/use_save';
import { NotFound } from './phone/visit_after';
import { fromInput, toInput } from './phone/when';
import type { Change, Rec } from '../core/api';

const hows = ['visit', 'phone', 'letter'] as const;
type How = (typeof hows)[number];

/** What it is of, and where one came from. */
interface About {
  kase: string;
  household: string;
  contact?: Rec;
  how: How;
  back: string;
}

interface Said {
  who: string; // id of a person, 'all', 'other', or '' for somebody whose name nobody has
  name: string; // of 'other'
  how: How;
  earlier: boolean;
  when: string;
  heard: string;
}

/** From a visit or a call. */
export function AtVisit({ params: { id } }: ScreenProps) {
  const contact = core.get('contact', id);
  if (!contact) return <NotFound />;
  const back = `/visit/${id}`;
  if (!agreement()?.f.unit) return <NoWords back={back} />;
  return <Open key={id} about={{ kase: contact.f.case, household: contact.f.household, contact, how: isCall(contact) ? 'phone' : 'visit', back }} />;
}

/** From a case at the desk: most of those come by telephone. */
export function OfCase({ params: { id } }: ScreenProps) {
  const kase = core.get('case', id);
  if (!kase) return <Screen title={t('consent.back.title')} top={<Crumb to="/cases">{t('nav.cases')}</Crumb>}><h1 class="sr">{t('consent.back.case')}</h1><Gone /></Screen>;
  const back = `/case/${id}`;
  if (!agreement()?.f.unit) return <NoWords back={back} />;
  return <Open key={id} about={{ kase: id, household: kase.f.household, how: 'phone', back }} />;
}

const isLandlord = () => session().org.kind === 'landlord';
const names = () => {
  const { social_name: social, landlord_name: landlord, unit_name: unit, unit_phone: phone } = agreement()!.f;
  return { social, landlord, unit, phone } as Record<string, string>;
};

function Open({ about }: { about: About }) {
  const form = useDraft<Said>(`withdraw:${about.kase}`, () => ({ who: '', name: '', how: about.how, earlier: false, when: toInput(now()), heard: session().person.name }));
  const [wrong, setWrong] = useState(false);
  const [done, setDone] = useState<{ commits: string[]; said: Said } | null>(null);
  const saver = useSave();
  const shown = useRef('form');
  const said = form.values;
  const save = async () => {
    const at = said.earlier ? fromInput(said.when) : now();
    if (!at || at > now() + aMinute) {
      setWrong(true);
      return document.getElementById('when')?.focus();
    }
    const commits = await saver.saveAll(changesOf(about, said, at));
    if (!commits) return;
    setDone({ commits, said });
    scrollTo(0, 0);
    await form.clear();
  };
  const again = () => {
    form.set(done!.said); // as it was typed
    setDone(null);
  };
  const screen = done ? 'done' : 'form';
  useEffect(() => {
    if (screen !== shown.current) focusHeading(); // the button that was tapped is gone
    shown.current = screen;
  }, [screen]);
  if (done) return <Done about={about} commits={done.commits} again={again} />;
  const { set } = form;
  return (
    <Screen
      title={t('consent.back.title')}
      top={<Back about={about} />}
      bar={<Bar label={t('consent.back.title')}><button class="btn is-primary is-block" type="button" onClick={() => void save()}>{t('consent.back.button')}</button></Bar>}
    >
      <h1>{t('consent.back.title')}</h1>
      <Net />
      <Trouble problem={saver.problem} />
      <WhoSees row="withdrawal">{t(isLandlord() ? 'consent.back.sees' : 'consent.back.sees_own', names())}</WhoSees>
      <ul class="stack tight">
        {(['now', 'none', 'help'] as const).map((k) => <li key={k} class="cluster"><Icon name="check" small accent /><span class="grow">{t(`consent.back.${k}`, names())}</span></li>)}
      </ul>
      <Who about={about} said={said} set={set} />
      <fieldset class="field">
        <legend>{t('consent.back.how')}</legend>
        {hows.map((how) => <Pick key={how} name="how" checked={said.how === how} onChange={() => set({ how })}>{t(`consent.back.how.${how}`)}</Pick>)}
      </fieldset>
      <fieldset class="field">
        <legend>{t('consent.back.when')}</legend>
        {[false, true].map((earlier) => <Pick key={String(earlier)} name="earlier" checked={said.earlier === earlier} onChange={() => { set({ earlier }); setWrong(false); }}>{t(earlier ? 'consent.back.earlier' : 'consent.back.just_now')}</Pick>)}
      </fieldset>
      {said.earlier && (
        <TextField label={t('consent.back.day')} wrong={wrong && t('consent.back.wrong_when')} value={said.when} input={{ id: 'when', type: 'datetime-local' }} onText={(when) => { set({ when }); setWrong(false); }} />
      )}
      <TextField label={t('consent.back.heard')} hint={t('consent.back.heard_hint')} value={said.heard} input={{ maxLength: 120 }} onText={(heard) => set({ heard })} />
      <StepLine step={form.step} />
    </Screen>
  );
}

const aMinute = 60_000;

const Back = ({ about }: { about: About }) => (
  <Crumb to={about.back}>{t(about.back.startsWith('/case/') ? 'consent.back.case' : about.contact && isCall(about.contact) ? 'phone.form.call' : 'phone.form.visit')}</Crumb>
);

/** Who says it. A landlord's word closes for everybody; social services can name whom it is about. */
function Who({ about, said, set }: { about: About; said: Said; set: (change: Partial<Said>) => void }) {
  const people = residents(about.household);
  const others = isLandlord() ? [] : ['all'];
  const pick = (who: string, text: string) => <Pick key={who} name="who" checked={said.who === who} onChange={() => set({ who })}>{text}</Pick>;
  return (
    <>
      <fieldset class="field">
        <legend>{t('consent.back.who')}</legend>
        <p class="hint">{t(isLandlord() ? 'consent.back.who_hint' : 'consent.back.who_hint_own', names())}</p>
        {people.map((p) => pick(p.id, p.f.name))}
        {others.map((who) => pick(who, t('consent.back.all')))}
        {pick('other', t('consent.back.other'))}
        {pick('', t('consent.back.unknown'))}
      </fieldset>
      {said.who === 'other' && <TextField label={t('consent.back.name')} value={said.name} input={{ maxLength: 120 }} onText={(name) => set({ name })} />}
    </>
  );
}

/** Those of the household whose name this device has. Children take back through whoever answers for them. */
const residents = (household: string): Rec[] =>
  core.list('person').value.filter((p) => p.f.household === household && p.f.name && (!isLandlord() || p.f.position !== 'child'));

/** The withdrawal itself, and in a commit of its own all that a landlord keeps of it. */
function changesOf(about: About, said: Said, at: number): Change[][] {
  const agreed = agreement()!.f;
  const record = newId();
  const person = core.get('person', said.who);
  const name = person?.f.name ?? (said.who === 'other' ? said.name.trim() : '');
  const heard = said.heard.trim() && `${said.heard.trim()}, ${session().org.name}`;
  const told = { how: said.how, at, ...(name && { name }), ...(heard && { heard }) };
  if (!isLandlord()) {
    const unit = unitOf(about.kase);
    return [[{ kind: 'withdrawal', record, fields: { unit, case: about.kase, ...told, ...(person && { person: person.id }) } }]];
  }
  const handle = handleOf(about.kase);
  const mark = { household: about.household, case: about.kase, ...(about.contact && { contact: about.contact.id }), answer: 'withdrawn', unit_name: agreed.unit_name, giving: record, handle, at, by: me() };
  return [
    [{ kind: 'withdrawal', record, org: agreed.social_org, fields: { unit: agreed.unit, handle, ...told } }],
    [{ kind: 'consent_mark', record: newId(), fields: mark }],
  ];
}

/** The unit that has the case's consents. */
const unitOf = (kase: string): string =>
  core.list('consent_state').value.filter((s) => s.f.case === kase).map((s) => core.get('giving', s.f.giving)?.f.unit).find(Boolean) ?? core.get('case', kase)?.f.unit ?? agreement()!.f.unit;

/** What there is to say of each rung that the withdrawal stands on. */
const rungs = ['phone', 'sent', 'saved', 'held', 'refused'] as const;
type Rung = (typeof rungs)[number];

/** How far it has come, no further, and what to say to the tenant. What a landlord keeps of
 *  it goes a way of its own. */
function Done({ about, commits, again }: { about: About; commits: string[]; again: () => void }) {
  const [late, setLate] = useState(false);
  const steps = commits.map((c) => core.stepOfCommit(c).value);
  const rung: Rung = rungs.find((r) => r === steps[0]?.step) ?? 'phone';
  const undo = async () => {
    if (await takeBack([...commits].reverse())) again();
    else setLate(true);
  };
  return (
    <Screen
      title={t('consent.back.title')}
      top={<Back about={about} />}
      bar={<Bar label={t('consent.back.title')}><Link class="btn is-primary is-block" to={about.back}>{t(about.contact ? 'consent.done.to_visit' : 'consent.back.to_case')}</Link></Bar>}
    >
      <section class="stack">
        <h1>{t(`consent.back.is_${rung}`)}</h1>
        <p role="status">{t(`consent.back.done_${rung}`, names())}</p>
        {steps.map((step, i) => (
          <div key={commits[i]} class="stack tight">
            {steps.length > 1 && <b>{t(i === 0 ? 'consent.back.to_them' : 'consent.back.to_us', names())}</b>}
            <StepLine step={step} />
          </div>
        ))}
        {steps.every((step) => step?.step === 'phone') && <div><button class="link" type="button" onClick={() => void undo()}><Icon name="undo" small />{t('phone.undo')}</button></div>}
        {late && <p role="status">{t('consent.back.undo_late')}</p>}
      </section>
      <Banner icon="talk" title={t('consent.back.say')}>{t(rung === 'saved' ? 'consent.back.say_saved' : rung === 'phone' || rung === 'sent' ? 'consent.back.say_phone' : 'consent.back.say_held')}</Banner>
    </Screen>
  );
}

// Danger to a person: what to do, whom to call, and a place to write. Works without a network.
import { Bar, core, Crumb, Icon, me, newId, now, Screen, session, StepLine, t, WhoSees, type ScreenProps } from '../ui';
import { useState } from 'preact/hooks';
import { agreement, CallColleague, colleagueToCall, tel, Trouble } from './phone/parts';
import { caseOf, householdOf, placeOf } from './phone/contacts';
import { HouseholdSearch } from './phone/household_search';
import { useSave } from './phone/use_save';
import type { Rec } from '../core/api';

const advice = [
  { about: 'danger', icon: 'alert', lines: 2 },
  { about: 'suicide', icon: 'heart', lines: 3 },
  { about: 'ill', icon: 'pill', lines: 2 },
  { about: 'child', icon: 'child', lines: 3 },
] as const;

export default function Acute({ params: { id } }: ScreenProps) {
  const contact = id ? core.get('contact', id) : undefined;
  const emergency = agreement()?.f.emergency_phone as string | undefined;
  const who = colleagueToCall(contact);
  return (
    <Screen
      title={t('phone.acute.short')}
      top={<Crumb to={contact ? `/visit/${contact.id}` : '/'} quiet>{t(contact ? 'phone.acute.back' : 'phone.today.title')}</Crumb>}
      bar={
        <Bar label={t('phone.acute.call_bar')}>
          {emergency && <a class="btn" href={tel(emergency)}><Icon name="phone" />{t('phone.acute.emergency')}</a>}
          <a class="btn is-acute is-primary is-big" href="tel:112"><Icon name="phone" />{t('phone.acute.112')}</a>
        </Bar>
      }
    >
      <section class="stack tight">
        <h1>{t('phone.acute.title')}</h1>
        <p>{t('phone.acute.text')}</p>
      </section>
      <section class="card is-flush rows" aria-label={t('phone.acute.advice')}>
        {advice.map((a) => (
          <details key={a.about} name="advice">
            <summary class="row"><Icon name={a.icon} accent /><b>{t(`phone.acute.${a.about}`)}</b><Icon name="down" turn /></summary>
            <ul class="more say">
              {Array.from({ length: a.lines }, (_, i) => (
                <li key={i}><Icon name="check" /><span>{t(`phone.acute.${a.about}.${i + 1}` as 'phone.acute.danger.1')}</span></li>
              ))}
            </ul>
          </details>
        ))}
      </section>
      <section class="stack">
        {who && <CallColleague who={who} />}
        <Write contact={contact} />
      </section>
    </Screen>
  );
}

/** What is written here stays with the own organisation. */
function Write({ contact }: { contact?: Rec }) {
  const [open, setOpen] = useState(false);
  const [kase, setCase] = useState<Rec | undefined>();
  const target = contact ? core.get('case', contact.f.case) ?? kase : kase;
  const saved = core.list('concern').value.filter((c) => c.f.by === me() && (contact ? c.f.contact === contact.id : kase && c.f.case === kase.id));
  const draft = core.draft(`concern:${contact?.id ?? 'new'}`);
  const shown = open || draft.text.value !== '';
  return (
    <>
      {saved.map((c) => (
        <article key={c.id} class="card stack tight"><p class="written">{c.f.text}</p><StepLine step={core.stepOf(c.id).value} /></article>
      ))}
      {!shown && <button class="btn is-start" type="button" onClick={() => setOpen(true)}><Icon name="pen" />{t('phone.acute.write')}</button>}
      {shown && !target && <HouseholdSearch title={t('phone.acute.where')} choose={(h) => setCase(caseOf(h.id))} />}
      {shown && target && <Form contact={contact} kase={target} draft={draft} done={() => setOpen(false)} />}
      <WhoSees row="concern">{t('phone.acute.sees', { org: session().org.name })}</WhoSees>
    </>
  );
}

type About = (typeof advice)[number]['about'] | 'other';

function Form({ contact, kase, draft, done }: { contact?: Rec; kase: Rec; draft: ReturnType<typeof core.draft>; done: () => void }) {
  const saver = useSave();
  const [about, setAbout] = useState<About | null>(null);
  const text = draft.text.value;
  const save = async () => {
    const fields: Record<string, unknown> = { household: kase.f.household, case: kase.id, text: text.trim(), at: now(), by: me() };
    if (about) fields.about = about;
    if (contact) fields.contact = contact.id;
    if (!(await saver.save([{ kind: 'concern', record: newId(), fields }]))) return;
    await draft.clear(text);
    done();
  };
  return (
    <div class="stack">
      {!contact && <p><b>{placeOf(householdOf(kase.f.household).household)}</b></p>}
      <fieldset class="field">
        <legend class="field">{t('phone.acute.about')}</legend>
        <div class="filters">
          {[...advice.map((a) => a.about), 'other' as const].map((a) => (
            <button key={a} class="btn" type="button" aria-pressed={about === a} onClick={() => setAbout(about === a ? null : a)}>{t(`phone.acute.${a}`)}</button>
          ))}
        </div>
      </fieldset>
      <div class="field">
        <label for="concern">{t('phone.acute.what')}</label>
        <p class="hint" id="concern-hint">{t('phone.acute.hint')}</p>
        <textarea class="input" autocomplete="off" id="concern" aria-describedby="concern-hint" value={text} onInput={(e) => draft.set(e.currentTarget.value)} />
      </div>
      <Trouble problem={saver.problem} />
      <div class="cluster apart">
        <StepLine step={draft.step.value} />
        <button class="btn" type="button" aria-disabled={text.trim() === ''} onClick={() => text.trim() && save()}>{t('phone.acute.save')}</button>
      </div>
    </div>
  );
}

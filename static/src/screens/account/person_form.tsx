// What is said of somebody who works here: name, title, telephone, role and units.
import { useRef, useState } from 'preact/hooks';
import { Banner, core, Icon, Pick, problemText, StepLine, t, TextField, Tick, WhoSees } from '../../ui';
import { useEdit } from '../../ui/draft';
import { roleName, type People, type Said } from './person';

/** The draft of what is typed of somebody; '' for one who is new. */
export const draftKey = (person = ''): string => `account:${person}`;
export const isBegun = (person?: string): boolean => core.draft(draftKey(person)).text.peek() !== '';
/** What was typed is given up. */
export const giveUp = (person?: string): void => void core.draft(draftKey(person)).clear();

interface Props {
  all: People;
  person?: string; // whom it is about; none: one who is new
  was?: Said;
  button: string;
  save: (said: Said) => Promise<void>;
}

const nobody: Said = { name: '', title: '', phone: '', role: '', units: [] };

/** What is typed is a draft: there again after the lock, and what was not touched follows the server. */
export function PersonForm({ all, person, was = { ...nobody, units: all.units.length === 1 ? [all.units[0].id] : [] }, button, save }: Props) {
  const { name, title, phone, role, units } = was;
  const { values: said, set, clear, step } = useEdit<Said>(draftKey(person), { name, title, phone, role, units });
  const form = useRef<HTMLFormElement>(null);
  const going = useRef(false);
  const [asked, setAsked] = useState(false);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    setAsked(true);
    if (going.current) return;
    if (!said.name.trim() || !said.role || said.units.length === 0) return void requestAnimationFrame(() => form.current?.querySelector('.wrong')?.closest('.field')?.querySelector('input')?.focus());
    setBusy((going.current = true));
    setWrong('');
    await save(said).then(clear, (failed) => setWrong(problemText(failed)));
    setBusy((going.current = false));
  };
  const noRole = asked && !said.role;
  const noUnits = asked && said.units.length === 0;
  const unit = (id: string, on: boolean) => set({ units: on ? [...said.units, id] : said.units.filter((u) => u !== id) });
  return (
    <form class="stack" ref={form} onSubmit={submit} noValidate>
      <WhoSees row="colleague">{t('people.seen')}</WhoSees>
      <TextField label={t('people.name')} wrong={asked && !said.name.trim() ? t('people.name_wrong') : ''} value={said.name} onText={(name) => set({ name })} input={{ maxLength: 80 }} />
      <TextField label={t('people.job')} value={said.title} onText={(title) => set({ title })} input={{ maxLength: 80 }} />
      <TextField label={t('people.phone')} value={said.phone} onText={(phone) => set({ phone })} input={{ type: 'tel', maxLength: 80 }} />
      <fieldset class="field" role="radiogroup" aria-invalid={noRole || undefined} aria-describedby={noRole ? 'role-wrong' : undefined}>
        <legend>{t('people.role')}</legend>
        {noRole && <p class="wrong" id="role-wrong"><Icon name="alert" />{t('people.role_wrong')}</p>}
        {all.roles.map((role) => <Pick key={role} name="role" checked={said.role === role} onChange={() => set({ role })}>{roleName(role)}</Pick>)}
      </fieldset>
      <fieldset class="field" aria-describedby={noUnits ? 'units-wrong' : undefined}>
        <legend>{t('people.units')}</legend>
        {noUnits && <p class="wrong" id="units-wrong"><Icon name="alert" />{t('people.units_wrong')}</p>}
        <div class="card is-flush">{all.units.map((u) => <Tick key={u.id} checked={said.units.includes(u.id)} onChange={(on) => unit(u.id, on)}>{u.name}</Tick>)}</div>
      </fieldset>
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      <StepLine step={step} />
      <button class="btn is-primary is-block" type="submit" aria-disabled={busy}>{button}</button>
    </form>
  );
}

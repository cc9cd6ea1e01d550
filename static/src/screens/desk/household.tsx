// Who lives there and how to reach them; telephone, language and the way in can be corrected here.
import { useState } from 'preact/hooks';
import { Icon, lang, StepLine, t } from './env';
import { ItemState } from './page';
import { Inline, useCommit } from './parts';
import { editable } from './editable';
import { peopleOf, type File } from './files';
import { Wrongs } from './plan_form';
import { whoSeesFile, writes } from './words';
import { bothOf } from '../phone/conflicts';
import { By, tel } from '../phone/parts';
import { languageName } from '../phone/language';
import { useEdit } from '../../ui/draft';
import type { Forms } from '../case';
import type { Rec } from '../../core/api';

export function People({ file, forms }: { file: File; forms: Forms }) {
  const people = peopleOf(file.kase.f.household);
  return (
    <section class="stack" aria-labelledby="people">
      <h2 id="people">{t('desk.people.title')}</h2>
      {people.length === 0 ? <p class="soft">{t('desk.people.none')}</p> : (
        <ul class="card is-flush rows">{people.map((p) => <Person key={p.id} person={p} unit={file.kase.f.unit} forms={forms} hidden={file.hidden} />)}</ul>
      )}
    </section>
  );
}

function Person({ person: p, unit, forms, hidden }: { person: Rec; unit: string; forms: Forms; hidden: boolean }) {
  const name = `person:${p.id}`;
  const facts = [t(`desk.position.${(p.f.position ?? 'adult') as 'tenant'}`), p.f.born ? t('desk.people.born', { year: p.f.born }) : ''].filter(Boolean);
  const reach = p.f.position !== 'child';
  const phones = bothOf(p, 'phone').all;
  return (
    <li class="stack planned">
      <p><b>{p.f.name ?? facts[0]}</b>{p.f.name && <span class="sub soft">{facts.join(', ')}</span>}</p>
      {reach && !hidden && (
        <div class="cluster apart">
          {phones.length === 0 ? <span class="soft">{t('desk.people.no_phone')}</span> : (
            <div class="stack tight">
              {phones.map((phone) => <div key={phone.v}>{phone.v ? <a class="link" href={tel(phone.v)}><Icon name="phone" small /><span class="num">{phone.v}</span></a> : t('phone.conflict.empty')}<By value={phone} /></div>)}
            </div>
          )}
          {writes() && forms.open !== name && <button class="btn is-small" type="button" onClick={() => forms.show(name)}>{t(p.f.phone ? 'desk.people.change' : 'desk.people.add_phone')}<span class="sr"> {p.f.name}</span></button>}
        </div>
      )}
      {bothOf(p, 'email').all.map((email) => <p key={email.v} class="small">{email.v || t('phone.conflict.empty')}<By value={email} /></p>)}
      {forms.open === name && <PersonForm person={p} unit={unit} onClose={() => forms.show(null)} />}
      <ItemState record={p.id} />
    </li>
  );
}

/** Digits, spaces, hyphens and a leading +: enough to ring. */
const isPhone = (text: string) => text === '' || (/^\+?[\d\s()-]+$/.test(text) && text.replace(/\D/g, '').length >= 6);

function PersonForm({ person, unit, onClose: away }: { person: Rec; unit: string; onClose: () => void }) {
  const { problem, write } = useCommit();
  const { values: { phone, email }, set, clear, step } = useEdit(`person:${person.id}`, { phone: String(person.f.phone ?? ''), email: String(person.f.email ?? '') });
  const onClose = () => {
    void clear();
    away();
  };
  const [wrong, setWrong] = useState('');
  const save = async () => {
    if (!isPhone(phone.trim())) return setWrong(t('desk.people.phone_wrong'));
    const fields = differing(person, { phone: phone.trim(), email: email.trim() });
    if (Object.keys(fields).length === 0 || (await write([{ kind: 'person', record: person.id, fields }]))) onClose();
  };
  return (
    <Inline title={t('desk.people.form', { name: person.f.name })} save={t('desk.people.save')} onSave={save} onClose={onClose} problem={problem} row="person" sees={whoSeesFile(unit)}>
      <div class="field">
        <label for="phone">{t('desk.people.phone')}</label>
        <Wrongs id="phone-wrong" text={wrong} />
        <input class="input num" id="phone" type="tel" autoComplete="off" maxLength={200} value={phone} aria-invalid={wrong ? 'true' : undefined} aria-describedby={wrong ? 'phone-wrong' : undefined} onInput={(e) => set({ phone: e.currentTarget.value })} />
      </div>
      <div class="field">
        <label for="email">{t('desk.people.email')}</label>
        <input class="input" id="email" type="email" autoComplete="off" maxLength={200} value={email} onInput={(e) => set({ email: e.currentTarget.value })} />
      </div>
      <StepLine step={step} />
    </Inline>
  );
}

/** Only what changed is written, so that nothing else meets what others write meanwhile. */
function differing(rec: Rec, to: Record<string, string>): Record<string, unknown> {
  const changed = Object.entries(to).filter(([field, value]) => value !== (rec.f[field] ?? ''));
  return Object.fromEntries(changed.map(([field, value]) => [field, value === '' ? null : value]));
}

export function Household({ file, forms }: { file: File; forms: Forms }) {
  const h = file.household;
  if (!h) return null;
  const language = h.f.language ? languageName(h.f.language) : languageName('sv');
  return (
    <section class="card stack" aria-labelledby="home">
      <h2 id="home">{t('desk.home.title')}</h2>
      <dl class="facts">
        <dt>{t('desk.home.language')}</dt><dd>{language}</dd>
        {h.f.interpreter && <><dt>{t('desk.home.interpreter')}</dt><dd>{/^(ja|yes)$/i.test(h.f.interpreter.trim()) ? t('desk.home.interpreter_needed') : h.f.interpreter}</dd></>}
        <dt>{t('desk.home.household')}</dt><dd>{t(h.f.children ? 'desk.home.children' : 'desk.home.no_children')}</dd>
        {!file.hidden && every(h, 'door_code')}
        {h.f.contract && <><dt>{t('desk.home.contract')}</dt><dd>{h.f.contract}</dd></>}
        {h.f.moved_in && <><dt>{t('desk.home.moved_in')}</dt><dd>{longDay(h.f.moved_in)}</dd></>}
        {every(h, 'safety')}
      </dl>
      {forms.open === 'household' ? <HouseholdForm household={h} unit={file.kase.f.unit} onClose={() => forms.show(null)} /> : (
        writes() && <div><button class="btn is-small" type="button" onClick={() => forms.show('household')}>{t('desk.home.change')}</button></div>
      )}
      <ItemState record={h.id} />
    </section>
  );
}

/** All that is written in a field that more than one may have written at a time. */
function every(household: Rec, field: 'door_code' | 'safety') {
  const { all } = bothOf(household, field);
  return all.length > 0 && <><dt>{t(`desk.home.${field}`)}</dt><dd>{all.map((value) => <p key={value.v}>{value.v || t('phone.conflict.empty')}<By value={value} /></p>)}</dd></>;
}

/** Whether the identity is protected, and changing that. */
export function Protection({ file: { household, hidden, kase }, forms }: { file: File; forms: Forms }) {
  if (!household || !writes()) return null;
  if (forms.open === 'protect') return <ProtectForm household={household} unit={kase.f.unit} onClose={() => forms.show(null)} />;
  return <div><button class="btn is-small" type="button" onClick={() => forms.show('protect')}><Icon name="lock" small />{t(hidden ? 'desk.protect.unset' : 'desk.protect.set')}</button></div>;
}

/** Says what it means before it is done: it changes what everybody carries. */
function ProtectForm({ household, unit, onClose }: { household: Rec; unit: string; onClose: () => void }) {
  const { problem, write } = useCommit();
  const word = household.f.protected === true ? 'unset' : 'set';
  const save = async () => {
    if (await write([{ kind: 'household', record: household.id, fields: { protected: word === 'set' } }])) onClose();
  };
  return (
    <Inline title={t(`desk.protect.${word}`)} save={t(`desk.protect.${word}`)} onSave={save} onClose={onClose} problem={problem} row="household.protected" sees={whoSeesFile(unit)}>
      <p>{t(`desk.protect.${word}_text`)}</p>
    </Inline>
  );
}

const longDay = (day: string) =>
  new Intl.DateTimeFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(`${day}T12:00`));

/** Languages one meets at the door; another one that is written already is kept. */
const languages = ['sv', 'ar', 'so', 'ti', 'fa', 'ku', 'uk', 'ru', 'pl', 'bs', 'fi', 'en', 'es', 'tr', 'am', 'ps', 'rom'];

function HouseholdForm({ household, unit, onClose: away }: { household: Rec; unit: string; onClose: () => void }) {
  const { problem, write } = useCommit();
  const { values, set: keep, clear, step } = useEdit<Record<string, string>>(`household:${household.id}`, Object.fromEntries(editable.map((f) => [f, String(household.f[f] ?? '')])));
  const set = (field: string) => (e: { currentTarget: { value: string } }) => keep({ [field]: e.currentTarget.value });
  const onClose = () => {
    void clear();
    away();
  };
  const save = async () => {
    const trimmed = Object.fromEntries(Object.entries(values).map(([f, v]) => [f, v.trim()]));
    const fields = differing(household, trimmed);
    if (Object.keys(fields).length === 0 || (await write([{ kind: 'household', record: household.id, fields }]))) onClose();
  };
  const codes = [...new Set(['', ...languages.slice(1), values.language])];
  return (
    <Inline title={t('desk.home.form')} save={t('desk.people.save')} onSave={save} onClose={onClose} problem={problem} row="household" sees={whoSeesFile(unit)}>
      <div class="field">
        <label for="language">{t('desk.home.language')}</label>
        <select class="input" id="language" value={values.language} onChange={set('language')}>
          {codes.map((code) => <option key={code} value={code}>{languageName(code || 'sv')}</option>)}
        </select>
      </div>
      {(household.f.protected ? ['interpreter'] as const : ['interpreter', 'floor', 'door_code'] as const).map((field) => (
        <div class="field" key={field}>
          <label for={field}>{t(`desk.home.${field}`)}</label>
          <input class="input" id={field} maxLength={200} autoComplete="off" value={values[field]} onInput={set(field)} />
        </div>
      ))}
      <div class="field">
        <label for="safety">{t('desk.home.safety')}</label>
        <p class="hint" id="safety-hint">{t('desk.home.safety_hint')}</p>
        <textarea class="input" autocomplete="off" id="safety" maxLength={2000} rows={3} aria-describedby="safety-hint" value={values.safety} onInput={set('safety')} />
      </div>
      <StepLine step={step} />
    </Inline>
  );
}

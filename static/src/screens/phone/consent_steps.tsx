// The three steps of a consent, as the tenant sees them: read, choose, sign.
import type { ComponentChildren } from 'preact';
import { Banner, fullDay, Icon, now, session, t } from '../../ui';
import { agreement } from './parts';
import { collectors, emptySigner, oral, partners, ways, type ConsentForm, type Signer, type Wrong } from './consent_form';
import { Pad } from './signature_pad';
import type { Rec } from '../../core/api';

export interface StepProps {
  form: ConsentForm;
  set: (f: ConsentForm) => void;
  wrong: Wrong;
}

export function Steps({ at }: { at: number }) {
  return (
    <ol class="steps" aria-label={t('consent.steps')}>
      {([1, 2, 3] as const).map((n) => (
        <li key={n} class={n < at ? 'done' : undefined} aria-current={n === at ? 'step' : undefined}>{n} {t(`consent.step.${n}`)}</li>
      ))}
    </ol>
  );
}

const paragraphs = (text: string) => text.split('\n').filter((p) => p.trim()).map((p, i) => <p key={i}>{p}</p>);

const CanWithdraw = () => {
  const { wording } = agreement()!.f;
  return <div class="banner is-good" lang={wording.language}><Icon name="undo" flip /><div class="stack tight">{paragraphs(wording.withdraw)}</div></div>;
};

export function Read({ household }: { household?: Rec }) {
  const { wording, interpreter_phone: phone } = agreement()!.f;
  const other = household?.f.language && household.f.language !== wording.language;
  return (
    <>
      <section class="stack" lang={wording.language}>
        <h1>{wording.title}</h1>
        <div class="tongues">{paragraphs(wording.body)}</div>
      </section>
      {other && phone && <Banner icon="lang">{t('consent.interpreter', { phone })}</Banner>}
      <CanWithdraw />
      <p class="soft">{t('consent.free')}</p>
    </>
  );
}

export function Choose({ form, set, wrong }: StepProps) {
  const tick = (p: (typeof partners)[number], on: boolean) =>
    set({ ...form, partners: partners.filter((x) => (x === p ? on : form.partners.includes(x))) });
  return (
    <section class="stack">
      <h1>{t('consent.choose.title')}</h1>
      <p>{t('consent.choose.text')}</p>
      <WrongText id="partners-w">{wrong.partners}</WrongText>
      <fieldset class="card is-flush rows" id="partners" tabIndex={-1} aria-describedby={wrong.partners ? 'partners-w' : undefined}>
        <legend class="sr">{t('consent.choose.title')}</legend>
        {partners.map((p) => (
          <label key={p} class="tick">
            <input type="checkbox" checked={form.partners.includes(p)} onChange={(e) => tick(p, e.currentTarget.checked)} />
            <span>{t(`consent.partner.${p}`)}{p === 'landlord' && <small>{agreement()!.f.landlord_name}</small>}</span>
          </label>
        ))}
        {form.partners.includes('other') && (
          <div class="more">
            <Line id="other" label={t('consent.choose.who')} wrong={wrong.other} value={form.other} onText={(other) => set({ ...form, other })} />
          </div>
        )}
      </fieldset>
      <CanWithdraw />
    </section>
  );
}

export function Sign({ form, set, wrong, contact, tenants }: StepProps & { contact: Rec; tenants: Rec[] }) {
  const change = (i: number, s: Partial<Signer>) =>
    set({ ...form, signers: form.signers.map((old, j) => (i === j ? { ...old, ...s } : old)) });
  const { place, social_name, landlord_name } = agreement()!.f;
  const landlord = session().org.kind === 'landlord';
  return (
    <section class="stack wide">
      <div class="stack">
        <h1>{t('consent.sign.title')}</h1>
        <p>{t('consent.sign.chosen')} <b>{form.partners.map((p) => (p === 'other' ? form.other : t(`consent.partner.${p}`))).join(', ')}</b></p>
        <dl class="facts">
          <dt>{t('consent.sign.place')}</dt><dd>{[place, fullDay(now())].filter(Boolean).join(', ')}</dd>
          <dt>{t('consent.sign.present')}</dt><dd>{collectors(contact)}</dd>
        </dl>
      </div>
      {form.signers.map((s, i) => (
        <OneSigner key={i} i={i} many={form.signers.length > 1} signer={s} change={(c) => change(i, c)} wrong={wrong}
          remove={i > 0 ? () => set({ ...form, signers: form.signers.slice(0, i) }) : undefined} />
      ))}
      {form.signers.some((s) => s.how === 'oral' || s.how === 'paper') && (
        <Line id="witness" label={t(oral(form) ? 'consent.sign.heard' : 'consent.sign.paper')} wrong={wrong.witness} value={form.witness} onText={(witness) => set({ ...form, witness })} />
      )}
      {form.signers.length < 2 && (
        <button class="btn is-quiet" type="button" onClick={() => set({ ...form, signers: [...form.signers, emptySigner(tenants[1]?.f.name)] })}>
          <Icon name="plus" />{t('consent.sign.second')}
        </button>
      )}
      <p class="small soft">{t(landlord ? 'consent.sign.belongs' : 'consent.sign.belongs_own', { social: social_name, landlord: landlord_name })}</p>
    </section>
  );
}

interface OneProps {
  i: number;
  many: boolean;
  signer: Signer;
  change: (s: Partial<Signer>) => void;
  wrong: Wrong;
  remove?: () => void;
}

function OneSigner({ i, many, signer, change, wrong, remove }: OneProps) {
  const padWrong = wrong[`pad-${i}`];
  return (
    <fieldset class="stack">
      <legend class={many ? 'stack' : 'sr'}><h2>{t('consent.sign.person', { n: i + 1 })}</h2></legend>
      <Line id={`name-${i}`} label={t('consent.sign.name')} wrong={wrong[`name-${i}`]} value={signer.name} onText={(name) => change({ name })} />
      {!signer.noNumber && (
        <Line id={`number-${i}`} label={t('consent.sign.number')} hint={t('consent.sign.number_hint')} wrong={wrong[`number-${i}`]} value={signer.number} numeric onText={(number) => change({ number })} />
      )}
      <label class="tick is-cell">
        <input type="checkbox" checked={signer.noNumber} onChange={(e) => change({ noNumber: e.currentTarget.checked })} />
        <span>{t('consent.sign.no_number')}</span>
      </label>
      {signer.how === 'drawn' && (
        <div class="field">
          <p><b>{t('consent.pad.title')}</b></p>
          <WrongText id={`pad-${i}-w`}>{padWrong}</WrongText>
          <Pad id={`pad-${i}`} strokes={signer.strokes} onStrokes={(strokes) => change({ strokes })} wrong={padWrong ? `pad-${i}-w` : undefined} />
        </div>
      )}
      <OtherWay i={i} signer={signer} change={change} />
      {remove && <button class="link" type="button" onClick={remove}>{t('consent.sign.remove')}</button>}
    </fieldset>
  );
}

/** Typed, said aloud, or on paper: as good as drawn. */
function OtherWay({ i, signer, change }: Pick<OneProps, 'i' | 'signer' | 'change'>) {
  return (
    <details class="card is-flush" open={signer.how !== 'drawn'}>
      <summary class="row"><Icon name="pen" accent /><b>{t('consent.way.title')}</b><Icon name="down" turn /></summary>
      <div class="more stack">
        {ways.map((w) => (
          <label key={w} class="pick">
            <input type="radio" name={`how-${i}`} checked={signer.how === w} onChange={() => change({ how: w, strokes: w === 'drawn' ? signer.strokes : [] })} />
            <span>{t(`consent.way.${w}`)}</span>
          </label>
        ))}
      </div>
    </details>
  );
}

interface LineProps {
  id: string;
  label: string;
  hint?: string;
  wrong?: string;
  value: string;
  numeric?: boolean;
  onText: (text: string) => void;
}

/** A field with an id of its own, so that the first wrong one can be found. */
function Line({ id, label, hint, wrong, value, numeric, onText }: LineProps) {
  const described = [hint && `${id}-h`, wrong && `${id}-w`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-h`}>{hint}</p>}
      <WrongText id={`${id}-w`}>{wrong}</WrongText>
      <input class="input" id={id} autocomplete="off" inputMode={numeric ? 'numeric' : undefined} value={value} aria-describedby={described || undefined}
        aria-invalid={wrong ? 'true' : undefined} onInput={(e) => onText(e.currentTarget.value)} />
    </div>
  );
}

const WrongText = ({ id, children }: { id: string; children?: ComponentChildren }) =>
  children ? <p class="field" id={id}><span class="wrong"><Icon name="alert" /><span>{children}</span></span></p> : null;

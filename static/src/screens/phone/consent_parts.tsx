// Small parts of the steps of a consent.
import type { ComponentChildren } from 'preact';
import { Crumb, Empty, Icon, Screen, t } from '../../ui';
import type { ConsentForm, Wrong } from './consent_form';
import type { Beside } from './tongue';

export interface StepProps {
  form: ConsentForm;
  set: (f: ConsentForm) => void;
  wrong: Wrong;
  beside: Beside | null;
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

interface LineProps {
  id: string;
  label: ComponentChildren;
  hint?: string;
  wrong?: string;
  value: string;
  numeric?: boolean;
  onText: (text: string) => void;
}

/** A field with an id of its own, so that the first wrong one can be found. */
export function Line({ id, label, hint, wrong, value, numeric, onText }: LineProps) {
  const described = [hint && `${id}-h`, wrong && `${id}-w`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-h`}>{hint}</p>}
      <WrongText id={`${id}-w`}>{wrong}</WrongText>
      <input class="input" id={id} autocomplete="off" maxLength={200} inputMode={numeric ? 'numeric' : undefined} value={value} aria-describedby={described || undefined}
        aria-invalid={wrong ? 'true' : undefined} onInput={(e) => onText(e.currentTarget.value)} />
    </div>
  );
}

export const WrongText = ({ id, children }: { id: string; children?: ComponentChildren }) =>
  children ? <p class="field" id={id}><span class="wrong"><Icon name="alert" /><span>{children}</span></span></p> : null;

/** A text with empty lines as paragraphs, its lines kept. */
export const paragraphs = (text: string) => text.split('\n\n').filter((p) => p.trim()).map((p, i) => <p key={i} class="lines">{p}</p>);

/** Without an agreement there are no words to agree to, and nobody to send them to. */
export function NoWords({ back }: { back: string }) {
  return (
    <Screen title={t('consent.title')} top={<Crumb to={back}>{t('back')}</Crumb>}>
      <h1>{t('consent.title')}</h1>
      <Empty icon="sign" title={t('consent.no_words.title')}><p>{t('consent.no_words.text')}</p></Empty>
    </Screen>
  );
}

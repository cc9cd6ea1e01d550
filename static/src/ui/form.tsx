// Fields, boxes and answers: ordinary labels and inputs, so that the browser and
// assistive technology do their part.
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon';

export interface FieldProps {
  label: ComponentChildren;
  big?: boolean; // the label is the heading of its section
  hint?: ComponentChildren;
  wrong?: ComponentChildren; // says what to do
  /** The control. Spread the given attributes on it: they tie label, hint and error to it. */
  children: (control: { id: string; class: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true' }) => ComponentChildren;
}

export function Field({ label, big, hint, wrong, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-h`, wrong && `${id}-w`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{big ? <span class="h">{label}</span> : label}</label>
      {hint && <p class="hint" id={`${id}-h`}>{hint}</p>}
      {wrong && <p class="wrong" id={`${id}-w`}><Icon name="alert" />{wrong}</p>}
      {children({ id, class: 'input', 'aria-describedby': described || undefined, 'aria-invalid': wrong ? 'true' : undefined })}
    </div>
  );
}

export interface TextFieldProps extends Omit<FieldProps, 'children'> {
  value: string;
  onText: (text: string) => void;
  lines?: boolean; // a textarea
  input?: InputHTMLAttributes<HTMLInputElement>; // type, inputMode, autoComplete …
}

/** A Field with a line or an area of text in it. */
export function TextField({ value, onText, lines, input, ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      {(control) =>
        lines ? (
          <textarea {...control} autocomplete="off" value={value} onInput={(e) => onText(e.currentTarget.value)} />
        ) : (
          <input autocomplete="off" {...(input as object)} {...control} value={value} onInput={(e) => onText(e.currentTarget.value)} />
        )
      }
    </Field>
  );
}

export interface TickProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ComponentChildren;
  small?: ComponentChildren; // who and when, or an explanation
  disabled?: boolean;
}

/** A box to tick; the whole line is the target. */
export function Tick({ checked, onChange, children, small, disabled }: TickProps) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(e) => onChange(e.currentTarget.checked)} />
      <span>{children}{small && <small>{small}</small>}</span>
    </label>
  );
}

export interface PickProps extends TickProps {
  name: string; // the same for all answers of one question
  value?: string;
}

/** One answer of several. */
export function Pick({ name, value, checked, onChange, children, small, disabled }: PickProps) {
  return (
    <label class="pick">
      <input type="radio" name={name} value={value} checked={checked} disabled={disabled} onChange={(e) => onChange(e.currentTarget.checked)} />
      <span>{children}{small && <small>{small}</small>}</span>
    </label>
  );
}

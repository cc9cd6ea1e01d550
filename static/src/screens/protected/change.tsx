// Changing protected details: what was just fetched, sent to the server at once. What is
// typed is never handed to the core: it lives in the screen until it is saved or given up.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner, core, Icon, Pick, Problem, t, TextField, WhoSees } from '../../ui';
import { checkPersonalNumber } from '../phone/personal_number';
import { showNumber } from '../phone/number_show';
import { wordsOf } from './ask';

/** `fresh`: somebody who is not in the file yet. */
export interface Found { kind: string; id: string; fields: Record<string, unknown>; versions: Record<string, number>; fresh?: boolean }
/** What was typed over the fields of one record. */
export type Typed = Record<string, string>;
export interface Saved { at: number; conflict: boolean; records: Found[] }

const fieldsOf = {
  household: ['street', 'floor', 'apartment', 'postcode', 'city', 'door_hint', 'door_code'],
  person: ['name', 'phone', 'email', 'born', 'personal_number'],
} as const;
/** What somebody can be in a household; who they are there is not protected. */
export const positions = ['tenant', 'co_tenant', 'adult', 'child'] as const;
type Field = (typeof fieldsOf)[keyof typeof fieldsOf][number];

const needed = new Set<string>(['street', 'name']);
const inputs: Partial<Record<Field, object>> = {
  phone: { type: 'tel' }, email: { type: 'email' }, born: { inputMode: 'numeric', maxLength: 4 }, personal_number: { inputMode: 'numeric', maxLength: 16 }, postcode: { inputMode: 'numeric' },
};

/** Whether this role writes them; the server decides it (access.md). */
export const mayChange = (found: Found, role: string): boolean => found.kind in fieldsOf && ['coordinator', 'collections', 'social_worker', 'child_worker'].includes(role);

const written = (found: Found, field: Field): string => (field === 'personal_number' ? showNumber(String(found.fields[field] ?? '')) : String(found.fields[field] ?? ''));

/** A typed value as the server keeps it, or what is wrong with it. */
function judged(field: Field, text: string): { value: unknown } | { wrong: string } {
  if (text === '') return needed.has(field) ? { wrong: t(`protected.needed.${field as 'name'}`) } : { value: null };
  if (field === 'phone' && (!/^\+?[\d\s()-]+$/.test(text) || text.replace(/\D/g, '').length < 6)) return { wrong: t('protected.phone_wrong') };
  if (field === 'born') return /^(19|20)\d\d$/.test(text) ? { value: Number(text) } : { wrong: t('protected.born_wrong') };
  if (field === 'personal_number') {
    const checked = checkPersonalNumber(text);
    return checked.ok ? { value: checked.number } : { wrong: checked.sentence };
  }
  return { value: text };
}

export interface ChangeProps {
  root: string;
  reading: string;
  found: Found;
  typed: Typed;
  compare: boolean; // what was typed is older than what was fetched
  onTyped: (typed: Typed) => void;
  onSaved: (saved: Saved) => void;
  onAgain: () => void; // they have to be fetched anew
  onClose: () => void;
}

export function Change({ root, reading, found, typed, compare, onTyped, onSaved, onAgain, onClose }: ChangeProps) {
  const [wrong, setWrong] = useState<Typed>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const fields: readonly Field[] = fieldsOf[found.kind as 'person'];
  const changed = fields.filter((f) => (typed[f] !== undefined && typed[f].trim() !== written(found, f)) || (found.fresh && needed.has(f)));
  const save = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    const values = changed.map((f) => [f, judged(f, (typed[f] ?? '').trim())] as const);
    const bad = Object.fromEntries(values.flatMap(([f, j]) => ('wrong' in j ? [[f, j.wrong]] : [])));
    if (found.fresh && !typed.position) bad.position = t('protected.needed.position');
    setWrong(bad);
    setProblem(null);
    const first = fields.findIndex((f) => bad[f]);
    if (first >= 0) return form.current?.querySelectorAll<HTMLElement>('input:not([type=radio])')[first].focus();
    if (bad.position) return form.current?.querySelector<HTMLElement>('input[type=radio]')?.focus();
    if (values.length === 0) return onClose();
    setBusy(true);
    const set: Record<string, { v: unknown; b: number }> = Object.fromEntries(values.map(([f, j]) => [f, { v: 'value' in j ? j.value : null, b: found.versions[f] ?? 0 }]));
    if (found.fresh) Object.assign(set, { household: { v: root, b: 0 }, position: { v: typed.position, b: 0 } });
    try {
      onSaved(await core.fetchJSON<Saved>(`/api/protected/${encodeURIComponent(root)}`, { method: 'PUT', body: { reading, changes: [{ kind: found.kind, record: found.id, fields: set }] } }));
    } catch (err) {
      setProblem(err instanceof Problem ? err : new Problem('failed'));
      setBusy(false);
    }
  };
  const again = problem && ['stale', 'reading_over'].includes(problem.code);
  return (
    <form class="card stack" ref={form} onSubmit={save} noValidate aria-label={title(found)} onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); onClose(); } }}>
      <h2>{title(found)}</h2>
      <WhoSees row={found.kind}>{t(found.fresh ? 'protected.sees_new' : 'protected.sees')}</WhoSees>
      {found.fresh && (
        <fieldset class="field" aria-describedby={wrong.position ? 'position-wrong' : undefined}>
          <legend>{t('protected.position')}</legend>
          {wrong.position && <p class="wrong" id="position-wrong"><Icon name="alert" />{wrong.position}</p>}
          {positions.map((p) => <Pick key={p} name="position" checked={typed.position === p} onChange={() => onTyped({ ...typed, position: p })}>{t(`desk.position.${p}`)}</Pick>)}
        </fieldset>
      )}
      {fields.map((f) => (
        <TextField key={f} label={t(`protected.field.${f}`)} wrong={wrong[f]} value={typed[f] ?? written(found, f)} input={{ maxLength: 200, ...inputs[f] }}
          hint={compare && changed.includes(f) && t('protected.now', { value: written(found, f) || t('protected.empty') })}
          onText={(text) => onTyped({ ...typed, [f]: text })} />
      ))}
      {problem && <div role="alert" key={problem}><Banner icon="alert" kind="soon">{wordsOf(problem, t('protected.not_sent'))} {t('protected.typed_stays')}</Banner></div>}
      <div class="cluster">
        {again ? <button class="btn is-primary" type="button" onClick={onAgain}>{t('protected.again')}</button>
          : <button class="btn is-primary" type="submit" aria-disabled={busy}>{t(busy ? 'protected.saving' : 'protected.save')}</button>}
        <button class="btn" type="button" onClick={onClose}>{t('protected.cancel')}</button>
      </div>
    </form>
  );
}

/** What the form is called, and the button that opens it. */
export const title = (found: Found): string => (found.fresh ? t('protected.add') : found.kind === 'household' ? t('protected.change_place') : t('protected.change_person', { name: String(found.fields.name ?? '') }));

// Small parts that several desk screens use.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { core, Icon, t, WhoSees } from './env';
import { Problem, type Change } from '../../core/api';
import { clockOf, dayKey } from '../phone/when';
import { Trouble } from '../phone/parts';
import { dayAndClock, dayWord, whenWord } from './words';
import type { Reason } from './reasons';

export { Trouble };

export const Clock = ({ at }: { at: number }) => <time dateTime={new Date(at).toISOString()}>{clockOf(at)}</time>;
export const DayClock = ({ at }: { at: number }) => <time dateTime={new Date(at).toISOString()}>{dayAndClock(at)}</time>;
/** "i dag 14:30" */
export const When = ({ at }: { at: number }) => <time dateTime={new Date(at).toISOString()}>{whenWord(at)}</time>;
export const Day = ({ at }: { at: number }) => <time dateTime={dayKey(at)}>{dayWord(at)}</time>;

/** Reasons as chips; in lists only the first few and without icons, because the panel has them all. */
export function Reasons({ reasons, most }: { reasons: Reason[]; most?: number }) {
  if (reasons.length === 0) return null;
  return (
    <ul class="chips">
      {reasons.slice(0, most).map((r) => (
        <li key={r.id} class={r.soon ? 'chip is-soon' : 'chip'}>{!most && <Icon name={r.icon} />}{r.text}</li>
      ))}
      {most && reasons.length > most && <li class="chip">{t('desk.more_reasons', { n: reasons.length - most })}</li>}
    </ul>
  );
}

/** Who sees what is written on the screen, and the row of access.md that says so. */
export const Sees = ({ children, row }: { children: ComponentChildren; row: string }) => <WhoSees row={row}>{children}</WhoSees>;

/** What cannot be loaded or was refused: what happened, what is kept, what to do. */
export function Wrong({ title, text, children }: { title?: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="banner is-soon" role="alert">
      <Icon name="alert" />
      <div>{title && <b>{title}</b>}<p>{text}</p>{children}</div>
    </div>
  );
}

/** A short form inside the page: the first field gets the focus, Escape closes it and gives the focus back. */
export function Inline(props: { title: string; onClose: () => void; onSave: () => void; save: string; problem?: Problem | null; sees: string; row: string; children: ComponentChildren }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => before?.isConnected && before.focus();
  }, []);
  return (
    <form
      ref={form} class="card stack" aria-label={props.title} noValidate
      onSubmit={(e) => { e.preventDefault(); props.onSave(); }}
      onKeyDown={(e) => { if (e.key === 'Escape') { e.stopPropagation(); props.onClose(); } }}
    >
      <h3>{props.title}</h3>
      <Sees row={props.row}>{props.sees}</Sees>
      {props.children}
      <Trouble problem={props.problem ?? null} />
      <div class="cluster">
        <button class="btn is-primary" type="submit">{props.save}</button>
        <button class="btn" type="button" onClick={props.onClose}>{t('desk.cancel')}</button>
      </div>
    </form>
  );
}

/** Writes one commit and keeps what went wrong, to show it beside the button. A second tap
 *  meanwhile writes nothing and answers null. */
export function useCommit(): { problem: Problem | null; busy: boolean; write: (changes: Change[]) => Promise<string | null> } {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const going = useRef(false); // at once, where busy comes with the next drawing
  const write = async (changes: Change[]) => {
    if (going.current) return null;
    setBusy((going.current = true));
    setProblem(null);
    try {
      return await core.commit(changes);
    } catch (e) {
      setProblem(asProblem(e));
      return null;
    } finally {
      setBusy((going.current = false));
    }
  };
  return { problem, busy, write };
}

export const asProblem = (e: unknown): Problem => (e instanceof Problem ? e : new Problem('unknown'));

/** Whether the window has room for a list and a panel side by side. Follows the window. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(roomy).matches);
  useEffect(() => {
    const query = matchMedia(roomy);
    const follow = () => setWide(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return wide;
}
const roomy = '(min-width: 60.01rem)'; // base.css makes one column at 60rem

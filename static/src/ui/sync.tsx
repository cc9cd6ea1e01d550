// How far things have come: the state of the day, and the ladder of one thing.
import type { ReadonlySignal } from '@preact/signals-core';
import type { Problem, Step } from '../core/api';
import { core } from '../core/current';
import { has, number, pieces, t, type Key } from '../text';
import { Icon } from './icon';
import { moment, Time } from './time';

/** "Sparat 14:02 · 3 på telefonen". Always on the screen; opens the tray. Short: without the first half. */
export function SyncBadge({ short }: { short?: boolean }) {
  const { lastReceipt, lastContact, unsent, trouble } = core.sync.value;
  const saved = !short || unsent + trouble === 0;
  return (
    <a class="sync" href="/tray">
      {saved && (
        <span class="ok">
          <Icon name="saved" />
          {lastReceipt ? pieces<any>('sync.saved', { time: <Time at={lastReceipt} /> }) : lastContact ? pieces<any>('sync.fetched', { time: <Time at={lastContact} /> }) : t('sync.nothing_yet')}
        </span>
      )}
      {unsent > 0 && (
        <>
          {saved && <span aria-hidden="true">·</span>}
          <span class="ok"><Icon name="mobile" />{t('sync.unsent', { n: number(unsent) })}</span>
        </>
      )}
      {trouble > 0 && <span class="ok"><Icon name="info" />{t('sync.trouble', { n: number(trouble) })}</span>}
    </a>
  );
}

const icons: Record<Step['step'], string> = {
  writing: 'pen', phone: 'mobile', sent: 'arrow', saved: 'saved', held: 'wait', refused: 'info', lost: 'info',
};

/** One rung of the ladder, with its reason when there is one. Nothing when there is no step. */
export function StepLine({ step, id }: { step: ReadonlySignal<Step | null> | Step | null; id?: string }) {
  const s = step && 'peek' in step ? step.value : (step as Step | null);
  return (
    <div id={id} class="stack tight" role="status">
      {s && (
        <p class="state" data-step={s.step}>
          <Icon name={icons[s.step]} flip={s.step === 'sent'} />
          <span>{stepText(s)}</span>
        </p>
      )}
      {s && ['held', 'refused', 'lost'].includes(s.step) && <p class="small">{reasonText(s.code ?? '', s.sentence)}</p>}
    </div>
  );
}

function stepText(s: Step) {
  const key: Key = s.step === 'saved' && !s.number ? 'step.saved_only' : `step.${s.step}`;
  return pieces<any>(key, { time: <Time at={s.at} />, number: s.number ? number(s.number) : '' });
}

/** The sentence for a code, in the language shown; the server's own when we do not know it. */
export function reasonText(code: string, sentence = ''): string {
  const key = `problem.${code}`;
  return has(key) ? t(key) : sentence || t('problem.unknown');
}

/** What a failure means to a person. */
export const problemText = (p: Problem | unknown): string =>
  p instanceof Error && 'code' in p ? reasonText(String(p.code), String((p as Problem).sentence ?? '')) : t('problem.unknown');

/** "Sparat 14:37" for places where only words fit. */
export const savedText = (at: number): string => t('sync.saved', { time: moment(at) });

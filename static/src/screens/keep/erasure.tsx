// Erasure on schedule: what has ended, what is kept back, the certificates; and how the
// nightly check of the database went.
import { useState } from 'preact/hooks';
import { Banner, core, fullDay, Icon, moment, n, StepLine, t, TextField } from '../../ui';
import { Frame, useAnswer, useTry, Wrong } from './parts';

interface File { root: string; kind: 'case' | 'consent' | 'loose'; since: string; due: string; held: string }
interface Certificate { certificate: number; kind: string; erased_at: number; copies_until: string; records: number }
interface Keep { case: number; consent: number; loose: number }
interface Plan { today: string; keep: Keep; due: number; files: File[]; certificates: Certificate[] }
interface Props { plan: Plan; load: () => Promise<void> }

const day = (s: string) => fullDay(Date.parse(`${s}T12:00`));

export default function Erasure() {
  const { answer, wrong, load } = useAnswer<Plan>('/api/erasure');
  return (
    <Frame title={t('erasure.title')} intro={t('erasure.intro')} wrong={wrong} loading={!answer}>
      {answer && <><Verified /><Times key={JSON.stringify(answer.keep)} plan={answer} load={load} /><Files plan={answer} load={load} /><Certificates plan={answer} /></>}
    </Frame>
  );
}

function Verified() {
  const { answer } = useAnswer<{ at: number; ok: boolean; head: string }>('/api/verification');
  if (!answer) return null;
  if (!answer.at) return <Banner icon="wait">{t('verified.not_yet')}</Banner>;
  if (!answer.ok) return <Banner icon="alert" kind="acute" title={t('verified.wrong')}>{t('verified.wrong_text', { when: moment(answer.at) })}</Banner>;
  return <Banner icon="check" kind="good">{t('verified.ok', { when: moment(answer.at) })}</Banner>;
}

const kinds = ['case', 'consent', 'loose'] as const;

/** How long what is kept. Nothing goes by itself: each time somebody reads the plan first. */
function Times({ plan, load }: Props) {
  const [days, setDays] = useState(Object.fromEntries(kinds.map((k) => [k, String(plan.keep[k] || '')])));
  const { wrong, busy, run } = useTry(load);
  const save = (e: Event) => {
    e.preventDefault();
    void run(() => core.fetchJSON('/api/erasure/keep', { method: 'PUT', body: Object.fromEntries(kinds.map((k) => [k, Number(days[k] || 0)])) }));
  };
  return (
    <form class="card stack" aria-labelledby="times" onSubmit={save} noValidate>
      <h2 id="times">{t('erasure.times')}</h2>
      <p>{t('erasure.times_text')}</p>
      {kinds.map((k) => (
        <TextField key={k} label={t(`erasure.keep_${k}`)} value={days[k]} onText={(s) => setDays({ ...days, [k]: s.replace(/\D/g, '').slice(0, 5) })} input={{ inputMode: 'numeric' }} />
      ))}
      <Wrong text={wrong} />
      <div><button class="btn" type="submit" aria-disabled={busy}>{t('erasure.save')}</button></div>
    </form>
  );
}

function Files({ plan, load }: Props) {
  const [sure, setSure] = useState(false);
  const { wrong, busy, run } = useTry(load);
  const erase = () => run(async () => {
    setSure(false);
    await core.fetchJSON('/api/erasure/run', { body: { count: plan.due } });
  });
  return (
    <section class="card stack" aria-labelledby="files">
      <h2 id="files">{t('erasure.files')}</h2>
      <p>{plan.files.length === 0 ? t('erasure.none') : n('erasure.due', plan.due)}</p>
      {plan.files.length > 0 && (
        <ul class="stack">{plan.files.map((f) => <li key={f.root}><OneFile file={f} today={plan.today} load={load} /></li>)}</ul>
      )}
      <Wrong text={wrong} />
      {sure && <Banner icon="alert" kind="soon">{n('erasure.sure', plan.due)}</Banner>}
      {plan.due > 0 && (
        <div class="pair">
          <button class="btn" type="button" aria-disabled={busy} onClick={() => (sure ? void erase() : setSure(true))}>{n(sure ? 'erasure.yes' : 'erasure.run', plan.due)}</button>
          {sure && <button class="btn is-small" type="button" onClick={() => setSure(false)}>{t('back')}</button>}
        </div>
      )}
    </section>
  );
}

function OneFile({ file: f, today, load }: { file: File; today: string; load: () => Promise<void> }) {
  const draft = core.draft(`hold:${f.root}`);
  const why = draft.text.value;
  const [holding, setHolding] = useState(why !== '');
  const { wrong, busy, run } = useTry(load);
  const path = `/api/erasure/holds/${encodeURIComponent(f.root)}`;
  const hold = (e: Event) => {
    e.preventDefault();
    if (why.trim()) void run(() => core.fetchJSON(path, { method: 'PUT', body: { why: why.trim() } }).then(() => draft.clear()));
  };
  const stay = () => {
    setHolding(false);
    void draft.clear();
  };
  return (
    <div class="stack tight">
      <b>{t(`erasure.kind_${f.kind}`, { id: f.root.slice(0, 8) })}</b>
      <span class="soft">{t(f.due <= today ? 'erasure.ended_due' : 'erasure.ended', { since: day(f.since), due: day(f.due) })}</span>
      {f.held && <span><Icon name="pause" small /> {t('erasure.held', { why: f.held })}</span>}
      <Wrong text={wrong} />
      {holding && !f.held ? (
        <form class="stack" onSubmit={hold}>
          <TextField label={t('erasure.why')} value={why} onText={(s) => draft.set(s.slice(0, 500))} />
          <StepLine step={why ? draft.step.value : null} />
          <div class="pair">
            <button class="btn is-small" type="submit" aria-disabled={busy || !why.trim()}>{t('erasure.hold_save')}</button>
            <button class="btn is-small" type="button" onClick={stay}>{t('back')}</button>
          </div>
        </form>
      ) : f.kind !== 'loose' && (
        <div><button class="btn is-small" type="button" aria-disabled={busy} onClick={() => (f.held ? void run(() => core.fetchJSON(path, { method: 'DELETE' })) : setHolding(true))}>{t(f.held ? 'erasure.release' : 'erasure.hold')}</button></div>
      )}
    </div>
  );
}

function Certificates({ plan }: { plan: Plan }) {
  if (plan.certificates.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="certificates">
      <h2 id="certificates">{t('erasure.certificates')}</h2>
      <ul class="stack">
        {[...plan.certificates].reverse().map((c) => (
          <li key={c.certificate} class="stack tight">
            <b>{t('erasure.certificate', { n: c.certificate, day: fullDay(c.erased_at) })}</b>
            <span class="soft">{t('erasure.certificate_text', { records: c.records, day: day(c.copies_until) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

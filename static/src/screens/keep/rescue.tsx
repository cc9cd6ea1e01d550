// Work that phones handed in locked: who holds the key, and how two of them open it.
import { useState } from 'preact/hooks';
import { Banner, core, fullDay, Icon, longDay, me, n, t, TextField } from '../../ui';
import { useBegun } from '../../ui/begun';
import { Frame, nameOf, useAnswer, useTry, Wrong } from './parts';
import { begin, finish, hold, makeKey, moveHalves, type Result, type View } from './rescue_keys';
import { lacks, Risk } from './rescue_risk';

export default function Rescue() {
  const { answer, wrong, load } = useAnswer<View>('/api/rescue');
  return <Frame title={t('rescue.title')} intro={t('rescue.intro')} wrong={wrong} loading={!answer}>{answer && <Parts view={answer} load={load} />}</Frame>;
}

interface Props { view: View; load: () => Promise<void> }

const Parts = (props: Props) => (
  <>
    <Risk view={props.view} />
    <Waits {...props} />
    <Codes {...props} />
    <TheKey {...props} />
  </>
);

function Waits({ view, load }: Props) {
  const [result, setResult] = useState<Result | null>(null);
  const { opening, waiting } = view;
  const mine = opening?.by === me();
  return (
    <section class="card stack" aria-labelledby="waits">
      <h2 id="waits">{t('rescue.waits')}</h2>
      {waiting.length === 0 && <p>{t('rescue.none')}</p>}
      {waiting.length > 0 && (
        <ul class="stack">
          {waiting.map((w) => (
            <li key={w.person + w.first}>
              <b>{nameOf(w.person)}</b>
              <span class="soft sub">{n('rescue.works', w.works)}, {t('rescue.came', { day: longDay(w.last) })}</span>
              {w.reach && <span class="sub">{t(`rescue.reach_${w.reach}`)}</span>}
            </li>
          ))}
        </ul>
      )}
      {result && <Opened result={result} />}
      {opening && !mine && <SecondOne view={view} load={load} done={setResult} />}
      {opening && mine && <Begun view={view} load={load} />}
      {!opening && waiting.length === 0 && lacks(view) && <p>{t('rescue.risk_share')}</p>}
      {!opening && (waiting.length > 0 || lacks(view)) && <FirstOne view={view} load={load} />}
    </section>
  );
}

function Opened({ result: r }: { result: Result }) {
  const parts = (['found', 'saved', 'nowhere', 'unopened', 'shared'] as const).filter((name) => r[name] > 0).map((name) => n(`rescue.${name}`, r[name]));
  return <Banner icon="check" kind="good" live>{parts.join(' ') || t('rescue.nothing_new')}</Banner>;
}

function Code({ code, setCode, wrong, label = t('rescue.code'), hint = t('rescue.code_hint') }: { code: string; setCode: (s: string) => void; wrong: string; label?: string; hint?: string }) {
  return (
    <TextField
      label={label} hint={hint} wrong={wrong} value={code} onText={setCode}
      input={{ autoComplete: 'off', autoCapitalize: 'characters', spellcheck: false, maxLength: 40 }}
    />
  );
}

/** Whoever has a half of the key may begin; who has none is told how to get one. */
function FirstOne({ view, load }: Props) {
  const [code, setCode] = useState('');
  const [why, setWhy] = useState('');
  const { wrong, busy, run } = useTry(load);
  if (view.shares.length === 0) return <p>{t('rescue.not_yours')}</p>;
  const submit = (e: Event) => {
    e.preventDefault();
    if (why.trim().length >= 3) void run(() => begin(view, me(), code, why.trim()));
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <TextField label={t('rescue.why')} hint={t('rescue.why_hint')} value={why} onText={(s) => setWhy(s.slice(0, 500))} />
      <Code code={code} setCode={setCode} wrong={wrong} />
      <div><button class="btn" type="submit" aria-disabled={busy || why.trim().length < 3}><Icon name="key" />{t(busy ? 'rescue.working' : 'rescue.begin')}</button></div>
    </form>
  );
}

const stop = (view: View) => core.fetchJSON(`/api/rescue/opening/${view.opening!.id}`, { method: 'DELETE' });

function Begun({ view, load }: Props) {
  const { wrong, busy, run } = useTry(load);
  return (
    <div class="stack">
      <Banner icon="wait">{t('rescue.begun')}</Banner>
      <Wrong text={wrong} />
      <div><button class="btn is-small" type="button" aria-disabled={busy} onClick={() => run(() => stop(view))}>{t('rescue.stop')}</button></div>
    </div>
  );
}

function SecondOne({ view, load, done }: Props & { done: (r: Result) => void }) {
  const [code, setCode] = useState('');
  const { wrong, busy, run } = useTry(load);
  const { by, why, given } = view.opening!;
  const submit = (e: Event) => {
    e.preventDefault();
    void run(async () => done(await finish(view, me(), code)));
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <p>{t('rescue.begun_by', { name: nameOf(by), why })}</p>
      {given.length > 0 && <Code code={code} setCode={setCode} wrong={wrong} />}
      {given.length === 0 && <p>{t('rescue.not_yours')}</p>}
      <div class="pair">
        {given.length > 0 && <button class="btn" type="submit" aria-disabled={busy}><Icon name="key" />{t(busy ? 'rescue.working' : 'rescue.finish')}</button>}
        <button class="btn is-small" type="button" aria-disabled={busy} onClick={() => run(() => stop(view))}>{t('rescue.stop')}</button>
      </div>
    </form>
  );
}

function Codes({ view, load }: Props) {
  const [code, setCode] = useState('');
  useBegun(code !== ''); // shown once
  const [sure, setSure] = useState(false);
  const { wrong, busy, run } = useTry(load);
  const [old, setOld] = useState('');
  const needed = view.mine?.needed ?? [];
  const asks = sure && view.shares.length > 0;
  const make = () => run(async () => {
    setCode(await hold(view, me(), old.trim()));
    setSure(false);
    setOld('');
  });
  return (
    <section class="card stack" aria-labelledby="codes">
      <h2 id="codes">{t('rescue.codes')}</h2>
      <p>{t('rescue.codes_text')}</p>
      {view.holders.length > 0 && (
        <ul class="stack">
          {view.holders.map((h) => (
            <li key={h.person}><b>{nameOf(h.person)}</b><span class="soft sub">{t(h.holds ? 'rescue.holds' : 'rescue.holds_not', { day: fullDay(h.made) })}</span></li>
          ))}
        </ul>
      )}
      {!asks && <Wrong text={wrong} />}
      {code && (
        <div role="status" class="stack">
          <p class="small soft">{t('rescue.your_code')}</p>
          <p class="h num code" data-code={code}>{code.match(/.{4}/g)!.join(' ')}</p>
          <p>{t('rescue.your_code_text')}</p>
        </div>
      )}
      {view.mine && !code && sure && <p>{t('rescue.anew_text')}</p>}
      {!code && asks && (
        <>
          <Code label={t('rescue.old')} hint={t('rescue.old_hint')} code={old} setCode={setOld} wrong={wrong} />
          {needed.length > 0 && !old.trim() && <Banner icon="alert" kind="soon">{t('rescue.needed', { keys: needed.join(', ') })}</Banner>}
        </>
      )}
      {!code && (
        <div><button class="btn" type="button" aria-disabled={busy} onClick={() => (view.mine && !sure ? setSure(true) : void make())}>{t(view.mine ? (sure ? 'rescue.anew_sure' : 'rescue.anew') : 'rescue.make_code')}</button></div>
      )}
      {!sure && (view.mine?.older.length ?? 0) > 0 && <OldCode view={view} load={load} />}
    </section>
  );
}

/** Halves that still lie under a code from before: whoever finds the paper brings them along. */
function OldCode({ view, load }: Props) {
  const [old, setOld] = useState('');
  const { wrong, busy, run } = useTry(load);
  const submit = (e: Event) => {
    e.preventDefault();
    if (old.trim()) void run(() => moveHalves(view, me(), old.trim()));
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <p>{t('rescue.older', { day: fullDay(view.mine!.older.at(-1)!.made) })}</p>
      <Code label={t('rescue.old')} code={old} setCode={setOld} wrong={wrong} />
      <div><button class="btn is-small" type="submit" aria-disabled={busy || !old.trim()}>{t(busy ? 'rescue.working' : 'rescue.move')}</button></div>
    </form>
  );
}

function TheKey({ view, load }: Props) {
  const { wrong, busy, run } = useTry(load);
  const enough = view.holders.length >= 2;
  return (
    <section class="card stack" aria-labelledby="key">
      <h2 id="key">{t('rescue.key')}</h2>
      <p>{view.key ? t('rescue.key_is', { n: view.key.number, day: fullDay(view.key.made), name: nameOf(view.key.by) }) : t('rescue.key_none')}</p>
      {!enough && <p>{t('rescue.key_two')}</p>}
      <Wrong text={wrong} />
      {enough && (
        <>
          <p class="small soft">{t('rescue.key_text')}</p>
          <div><button class="btn" type="button" aria-disabled={busy} onClick={() => run(() => makeKey(view))}>{t(view.key ? 'rescue.key_anew' : 'rescue.key_make')}</button></div>
        </>
      )}
    </section>
  );
}

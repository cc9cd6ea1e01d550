// A notice has come: register it, so that those on call are told.
import { useMemo, useState } from 'preact/hooks';
import { go, Icon, me, newId, session, StepLine, t } from './desk/env';
import { reasons } from './desk/about';
import { Page } from './desk/page';
import { Sees, Trouble, useCommit } from './desk/parts';
import { abouts, channels, NoticeState, readNotice, senders, start, known, type Answers } from './desk/notice';
import { isSocial, unitName, whenWord, whoSees, writes } from './desk/words';
import { Net } from './phone/parts';
import { useDraft } from '../ui/draft';
import type { Change } from '../core/api';
import { fileOf, type File } from './desk/files';

export default function NoticeNew() {
  const { values: answers, set, clear, step } = useDraft<Answers>('notice:new', start);
  const [wrong, setWrong] = useState<NoticeState>({});
  const [attach, setAttach] = useState(true);
  const { problem, busy, write } = useCommit();
  const found = known(answers);
  const file = useMemo(() => found && fileOf(found), [found]);
  if (!isSocial() || !writes()) return <Page at="/notice/new" title={t('desk.notice.title')}><h1>{t('desk.notice.title')}</h1><p>{t('desk.notice.not_yours')}</p></Page>;

  const save = async () => {
    if (busy) return;
    const read = readNotice(answers);
    setWrong(read.wrong);
    if (!read.notice) {
      focusFirstWrong();
      return;
    }
    const into = attach && file ? file : null;
    const ids = into ? { household: into.kase.f.household, kase: into.kase.id } : { household: newId(), kase: newId() };
    const notice: Change = { kind: 'notice', record: newId(), fields: { household: ids.household, case: ids.kase, by: me(), ...read.notice, ...(into && { unit: into.kase.f.unit }) } };
    const begun = into ? [] : read.begin(ids.household, ids.kase, newId());
    if (!(await write([...begun, notice]))) return;
    await clear();
    go(`/case/${ids.kase}`, { replace: true });
  };
  const props = { answers, set, wrong };
  return (
    <Page at="/notice/new" title={t('desk.notice.title')}>
      <header><h1>{t('desk.notice.title')}</h1><p class="soft">{t('desk.notice.lead')}</p></header>
      <Net />
      <form class="stack wide notice" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        {Object.keys(wrong).length > 0 && <p class="banner is-soon" role="alert"><Icon name="alert" /><span>{t('desk.notice.wrong')}</span></p>}
        <Sees row="notice">{whoSees(answers.unit)}</Sees>
        <Source {...props} />
        {answers.about === 'eviction' && <Eviction {...props} />}
        <Who {...props} />
        {file && <Known file={file} attach={attach} onAttach={setAttach} />}
        <Owner {...props} />
        <Trouble problem={problem} />
        <StepLine step={step} />
        <div class="bar"><p class="grow soft">{t(answers.about === 'eviction' ? 'desk.notice.calls' : 'desk.notice.calls_not')}</p><a class="btn" href="/cases" onClick={() => void clear()}>{t('desk.cancel')}</a><button class="btn is-primary" type="submit" aria-disabled={busy}>{t('desk.notice.save')}</button></div>
      </form>
    </Page>
  );
}

/** After the errors are on the screen, the first wrong field gets the focus. */
const focusFirstWrong = () => requestAnimationFrame(() => document.querySelector<HTMLElement>('form.notice [aria-invalid="true"]')?.focus());

interface Props {
  answers: Answers;
  set: (change: Partial<Answers>) => void;
  wrong: NoticeState;
}

function Line({ name, answers, set, wrong, type = 'text', hint, ...rest }: Props & { name: 'name' | 'street' | 'postcode' | 'city' | 'floor' | 'number' | 'received' | 'evictionDay' | 'evictionTime'; type?: 'text' | 'date' | 'time'; hint?: string; inputMode?: 'numeric' }) {
  const said = [hint && `${name}-hint`, wrong[name] && `${name}-wrong`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={name}>{t(`desk.notice.${name}`)}</label>
      {hint && <p class="hint" id={`${name}-hint`}>{hint}</p>}
      {wrong[name] && <p class="wrong" id={`${name}-wrong`}><Icon name="alert" />{wrong[name]}</p>}
      <input class="input" id={name} {...({ type } as object)} maxLength={200} autoComplete="off" value={answers[name]} aria-invalid={wrong[name] ? 'true' : undefined} aria-describedby={said || undefined} onInput={(e) => set({ [name]: e.currentTarget.value })} {...rest} />
    </div>
  );
}

function Select({ name, answers, set, options }: Props & { name: 'about' | 'reason' | 'sender' | 'channel' | 'unit'; options: [string, string][] }) {
  return (
    <div class="field">
      <label for={name}>{t(`desk.notice.${name}`)}</label>
      <select class="input" id={name} value={answers[name]} onChange={(e) => set({ [name]: e.currentTarget.value })}>{options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>
    </div>
  );
}

const Source = (p: Props) => (
  <section class="card stack" aria-labelledby="source">
    <h2 id="source">{t('desk.notice.source')}</h2>
    <div class="fields">
      <Select {...p} name="about" options={abouts.map((a) => [a, t(`desk.about.${a}`)])} />
      <Select {...p} name="sender" options={senders.map((s) => [s, t(`desk.sender.${s}`)])} />
      <Select {...p} name="channel" options={channels.map((c) => [c, t(`desk.channel.${c}`)])} />
      <Line {...p} name="received" type="date" />
    </div>
  </section>
);

const Eviction = (p: Props) => (
  <section class="card stack" aria-labelledby="eviction">
    <h2 id="eviction">{t('desk.notice.eviction')}</h2>
    <div class="fields"><Line {...p} name="evictionDay" type="date" /><Line {...p} name="evictionTime" type="time" /></div>
    <Select {...p} name="reason" options={reasons.map((r) => [r, t(`desk.about.${r}`)])} />
  </section>
);

const Who = (p: Props) => (
  <section class="card stack" aria-labelledby="who">
    <h2 id="who">{t('desk.notice.who')}</h2>
    <Line {...p} name="name" />
    <Line {...p} name="number" inputMode="numeric" hint={t('desk.notice.number_hint')} />
    <div class="fields"><Line {...p} name="street" /><Line {...p} name="floor" /><Line {...p} name="postcode" inputMode="numeric" /><Line {...p} name="city" /></div>
    <fieldset class="field" aria-describedby={p.wrong.children ? 'children-wrong' : undefined}>
      <legend>{t('desk.notice.children')}</legend>
      {p.wrong.children && <p class="wrong" id="children-wrong"><Icon name="alert" />{p.wrong.children}</p>}
      <div class="pair">
        {([true, false] as const).map((yes) => (
          <label key={String(yes)} class="pick"><input type="radio" name="children" checked={p.answers.children === yes} aria-invalid={p.wrong.children ? 'true' : undefined} onChange={() => p.set({ children: yes })} /><span>{t(yes ? 'desk.yes' : 'desk.no')}</span></label>
        ))}
      </div>
    </fieldset>
  </section>
);

function Known({ file, attach, onAttach }: { file: File; attach: boolean; onAttach: (to: boolean) => void }) {
  return (
    <section class="card stack" aria-labelledby="known">
      <h2 id="known">{t('desk.notice.known')}</h2>
      <p>{t('desk.notice.known_text', { names: file.names, place: file.place })}{file.next && ` ${t('desk.notice.known_next', { when: whenWord(file.next.f.planned_at) })}`}</p>
      <label class="pick"><input type="checkbox" checked={attach} onChange={() => onAttach(!attach)} /><span>{t('desk.notice.attach')}<small>{t('desk.notice.attach_hint')}</small></span></label>
    </section>
  );
}

function Owner(p: Props) {
  const units = session().person.units;
  return (
    <section class="stack">
      {units.length > 1 && <Select {...p} name="unit" options={units.map((u) => [u, unitName(u)])} />}
      {units.length === 1 && <p class="soft">{t('desk.notice.owner', { unit: unitName(units[0]) })}</p>}
    </section>
  );
}

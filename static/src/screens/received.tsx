// What has come in to the unit: a consent or a notice. How does it stand, and to
// which case does it belong?
import { useState } from 'preact/hooks';
import { core, Gone, Icon, me, money, newId, now, t } from './desk/env';
import { grouped } from './desk/files';
import { Page } from './desk/page';
import { Trouble, useCommit } from './desk/parts';
import { dayAndClock, seesLog, toldText, writes } from './desk/words';
import { list, mayFetch } from './phone/contacts';
import { Net } from './phone/parts';
import { GivingFacts } from './wall/giving_facts';
import { GivingPaper } from './wall/giving_paper';
import { LinkToCase } from './wall/link';
import { standingsOf, type Standing } from './wall/standing';
import type { Rec } from '../core/api';
import type { ScreenProps } from '../ui/router';

export default function Received({ params: { id } }: ScreenProps) {
  const giving = core.get('giving', id);
  const notice = core.get('notice_in', id);
  const what = giving ?? notice;
  const signatures = giving ? grouped('signature', 'giving').get(id) ?? [] : [];
  const closed = notice ? !notice.f.tenants : signatures.some((s) => !s.f.name); // the people are protected
  const back = { href: '/cases', text: t('desk.cases.title') };
  if (!what) return <Page at="/cases" title={t('received.title')} back={back} reading><h1 class="sr">{t('received.title')}</h1><Gone /></Page>;
  return (
    <Page at="/cases" title={t('received.title')} back={back} reading>
      <h1>{giving ? t('received.giving') : t('received.notice', { org: what.f.from_name })}</h1>
      <Net />
      {closed && (
        <p class="banner"><Icon name="lock" /><span class="grow"><b>{t('phone.protected')}</b>{mayFetch() && <a class="link" href={`/protected/${id}`}>{t('phone.protected_show')}</a>}</span></p>
      )}
      {giving && <States giving={giving} />}
      {giving ? <section class="card stack"><GivingFacts giving={giving} /></section> : <Notice notice={what} />}
      {giving?.f.answer === 'given' && !closed && <GivingPaper giving={id} />}
      {(!giving || giving.f.answer === 'given') && writes() && <LinkToCase of={what} signatures={signatures} />}
      {seesLog() && <div><a class="btn is-small" href={`/log/${id}`}><Icon name="eye" small />{t('received.log')}</a></div>}
    </Page>
  );
}

/** How each signer stands, and what to do about what is held. */
function States({ giving }: { giving: Rec }) {
  const standings = standingsOf(giving.id);
  const reasons = [...new Set(standings.flatMap((s) => s.reasons ?? []))];
  const mends = reasons.length > 0 && reasons.every((r) => !['no_partner', 'no_signer', 'changed'].includes(r));
  return (
    <section class="stack">
      {standings.map((s) => <State key={s.signature ?? ''} standing={s} />)}
      {reasons.map((r) => <p key={r} class="banner is-soon"><Icon name="alert" /><span>{t(`received.because.${r as 'changed'}`)}</span></p>)}
      {mends && writes() && <Confirm giving={giving.id} />}
    </section>
  );
}

function State({ standing: s }: { standing: Standing }) {
  const signed = s.signature ? core.get('signature', s.signature)?.f : undefined;
  const name = signed?.child ?? signed?.name; // a child's row is the child's, whoever signs
  const taken = s.state === 'ended' ? core.get('withdrawal', s.by ?? '') : undefined;
  return <p class="row is-mid"><Icon name={s.state === 'open' ? 'check' : s.state === 'ended' ? 'undo' : 'sign'} /><span><b>{t(`received.state.${s.state as 'open'}`)}</b>{name && <span class="soft">{name}</span>}{taken && <span class="soft sub">{[dayAndClock(taken.f.at), toldText(taken)].filter(Boolean).join('. ')}</span>}</span></p>;
}

const hows = ['phone', 'visit', 'letter'] as const;

/** Only the tenant's own word lifts what is held. */
function Confirm({ giving }: { giving: string }) {
  const [how, setHow] = useState<(typeof hows)[number]>('phone');
  const { problem, busy, write } = useCommit();
  const save = () => write([{ kind: 'confirmation', record: newId(), fields: { giving, how, at: now(), by: me() } }]);
  return (
    <form class="card stack" aria-labelledby="confirm" onSubmit={(e) => { e.preventDefault(); if (!busy) void save(); }}>
      <h2 id="confirm">{t('received.confirm.title')}</h2>
      <p>{t('received.confirm.text')}</p>
      <fieldset class="field">
        <legend>{t('wall.withdraw.how')}</legend>
        {hows.map((h) => <label key={h} class="pick"><input type="radio" name="confirm-how" checked={how === h} onChange={() => setHow(h)} /><span>{t(`wall.withdraw.${h}`)}</span></label>)}
      </fieldset>
      <Trouble problem={problem} />
      <div><button class="btn" type="submit" aria-disabled={busy}>{t('received.confirm.button')}</button></div>
    </form>
  );
}

function Notice({ notice: { f } }: { notice: Rec }) {
  return (
    <section class="card stack">
      <dl class="facts">
        <dt>{t('received.reason')}</dt><dd>{t(`desk.about.${f.reason as 'arrears'}`)}</dd>
        <dt>{t('received.ground')}</dt><dd>{t(`received.ground.${f.ground as 'statute'}`, { text: f.ground_text })}</dd>
        {f.tenants && <><dt>{t('received.tenants')}</dt><dd>{list((f.tenants as { name: string }[]).map((p) => p.name))}</dd></>}
        {f.address && <><dt>{t('received.address')}</dt><dd>{f.address}</dd></>}
        {f.children && <><dt>{t('received.children')}</dt><dd>{t('received.yes')}</dd></>}
        {f.capital != null && <><dt>{t('received.capital')}</dt><dd class="num">{money(f.capital)}</dd></>}
        {f.costs != null && <><dt>{t('received.costs')}</dt><dd class="num">{money(f.costs)}</dd></>}
        {f.payment && <><dt>{t('received.payment')}</dt><dd>{f.payment}</dd></>}
        <dt>{t('received.signed')}</dt><dd>{f.signed}, {f.from_name}</dd>
        <dt>{t('received.when')}</dt><dd>{dayAndClock(f.received)}</dd>
      </dl>
    </section>
  );
}

// A landlord's notice to social services. It says its ground: without one nothing
// about a person may be told.
import { useState } from 'preact/hooks';
import { core, Icon, me, money, newId, now, StepLine, t } from '../desk/env';
import { fileOf } from '../desk/files';
import { Sees, Trouble, useCommit } from '../desk/parts';
import { signed } from './rooms';
import { handleOf } from '../phone/handle';
import { useDraft } from '../../ui/draft';
import type { Rec } from '../../core/api';

const reasons = ['arrears', 'repeated_late', 'neglect', 'disturbance', 'subletting', 'termination', 'eviction'] as const;
const grounds = ['statute', 'own_basis'] as const;

const start = (kase: Rec) => ({ reason: (reasons.find((r) => r === kase.f.reason) ?? 'arrears') as string, ground: null as (typeof grounds)[number] | null, text: '', payment: '' });

export function SendNotice({ kase }: { kase: Rec }) {
  const agreed = core.list('agreement').value[0]?.f;
  const file = fileOf(kase);
  const { values: { reason, ground, text, payment }, set, clear, step } = useDraft(`notify:${kase.id}`, () => start(kase));
  const [wrong, setWrong] = useState(false);
  const { problem, busy, write } = useCommit();
  if (!agreed) return null;
  const debt = kase.f.debt as { capital: number; costs: number } | undefined;
  const send = async () => {
    if (!ground || !text.trim()) return setWrong(true);
    const fields: Record<string, unknown> = {
      household: kase.f.household, case: kase.id, social_org: agreed.social_org, unit: agreed.unit, handle: handleOf(kase.id), reason, ground, ground_text: text.trim(),
      tenants: file.hidden ? [{ name: 'Skyddade uppgifter' }] : file.tenants.map((p) => ({ name: p.f.name, ...(p.f.personal_number && { personal_number: p.f.personal_number }) })),
      address: file.hidden ? 'Skyddade uppgifter' : [file.household?.f.street, file.household?.f.floor, file.household?.f.city].filter(Boolean).join(', '), at: now(), signed: signed(), by: me(),
    };
    if (debt) Object.assign(fields, { capital: debt.capital, costs: debt.costs });
    if (payment.trim()) fields.payment = payment.trim();
    if (file.household?.f.children) fields.children = true;
    if (await write([{ kind: 'notice_sent', record: newId(), fields }])) await clear();
  };
  return (
    <form class="card stack" aria-labelledby="send-notice" noValidate onSubmit={(e) => { e.preventDefault(); if (!busy) void send(); }}>
      <h2 id="send-notice">{t('wall.notify.title', { unit: agreed.unit_name })}</h2>
      <p>{t('wall.notify.text', { names: file.hidden ? t('phone.protected') : file.names, place: file.place })}{debt && ` ${t('wall.notify.debt', { capital: money(debt.capital), costs: money(debt.costs) })}`}</p>
      <Sees row="notice_sent">{t('wall.notify.sees', { unit: agreed.unit_name, social: agreed.social_name })}</Sees>
      <div class="field">
        <label for="notify-reason">{t('received.reason')}</label>
        <select class="input" id="notify-reason" value={reason} onChange={(e) => set({ reason: e.currentTarget.value })}>
          {reasons.map((r) => <option key={r} value={r}>{t(`desk.about.${r}`)}</option>)}
        </select>
      </div>
      <fieldset class="field" aria-describedby={wrong ? 'notify-wrong' : undefined}>
        <legend>{t('received.ground')}</legend>
        {wrong && <p class="wrong" id="notify-wrong"><Icon name="alert" />{t('wall.notify.wrong')}</p>}
        {grounds.map((g) => <label key={g} class="pick"><input type="radio" name="ground" checked={ground === g} onChange={() => { set({ ground: g }); setWrong(false); }} /><span>{t(`wall.notify.${g}`)}</span></label>)}
      </fieldset>
      <div class="field">
        <label for="notify-text">{t('wall.notify.which')}</label>
        <input class="input" id="notify-text" maxLength={1000} autoComplete="off" value={text} aria-invalid={wrong && !text.trim() ? 'true' : undefined} onInput={(e) => { set({ text: e.currentTarget.value }); setWrong(false); }} />
      </div>
      <div class="field">
        <label for="notify-payment">{t('received.payment')}</label>
        <input class="input" id="notify-payment" maxLength={200} autoComplete="off" value={payment} onInput={(e) => set({ payment: e.currentTarget.value })} />
      </div>
      <Trouble problem={problem} />
      <StepLine step={step} />
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{t('wall.notify.button')}</button></div>
    </form>
  );
}

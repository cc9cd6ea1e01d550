// A time is proposed to the other organisation: what for, when, and before one types
// it says who will see it.
import { useState } from 'preact/hooks';
import { core, Gone, go, Icon, me, newId, now, StepLine, t } from '../desk/env';
import { Page } from '../desk/page';
import { Sees, Trouble, useCommit } from '../desk/parts';
import { isSocial, writes } from '../desk/words';
import { atHour, fromInput, toInput } from '../phone/when';
import { Net } from '../phone/parts';
import { sharedSees, signed } from './rooms';
import { Whom } from './say';
import { useDraft } from '../../ui/draft';
import type { Rec } from '../../core/api';
import type { ScreenProps } from '../../ui/router';

const purposes = ['joint_visit', 'meeting', 'eviction_day'] as const;

export default function Propose({ params: { id, room: roomId } }: ScreenProps) {
  const room = core.get('room', roomId);
  return (
    <Page at="/cases" title={t('wall.time.propose')} back={{ href: `/case/${id}/shared`, text: t('wall.title') }} reading>
      {room && room.f.case === id && writes() ? <Form room={room} /> : <><h1 class="sr">{t('wall.time.propose')}</h1><Gone /></>}
    </Page>
  );
}

const start = () => ({ purpose: 'joint_visit' as (typeof purposes)[number], when: toInput(atHour(now(), 1, 10)), text: '', concerns: [] as string[] });

function Form({ room }: { room: Rec }) {
  const { values: { purpose, when, text, concerns }, set, clear, step } = useDraft(`propose:${room.id}`, start);
  const [wrong, setWrong] = useState(false);
  const { problem, busy, write } = useCommit();
  const other = room.f.other_name as string;
  const propose = async () => {
    const at = fromInput(when);
    setWrong(!at);
    if (!at || busy) return;
    const record = newId();
    const fields = {
      household: room.f.household, case: room.f.case, by: me(), shared_with: room.f.other_org, signed: signed(), purpose, planned_at: at, state: 'proposed',
      ...(text.trim() && { text: text.trim() }), ...(concerns.length > 0 && { concerns }),
    };
    if (!(await write([{ kind: 'appointment', record, fields }]))) return;
    await clear();
    go(`/case/${room.f.case}/time/${record}`, { replace: true });
  };
  return (
    <>
      <h1>{t('wall.time.propose')}</h1>
      <Net />
      <form class="card stack" aria-label={t('wall.time.propose')} noValidate onSubmit={(e) => { e.preventDefault(); void propose(); }}>
        <Sees row="appointment">{sharedSees(room, 'appointment', concerns)}</Sees>
        <fieldset class="field">
          <legend>{t('wall.time.what')}</legend>
          {purposes.map((p) => <label key={p} class="pick"><input type="radio" name="purpose" checked={purpose === p} onChange={() => set({ purpose: p })} /><span>{t(`wall.time.${p}`)}</span></label>)}
        </fieldset>
        <WhenField id="when" value={when} wrong={wrong} onChange={(to) => { set({ when: to }); setWrong(false); }} />
        {isSocial() && <Whom room={room} concerns={concerns} onChange={(to) => set({ concerns: to })} />}
        <TextField value={text} onChange={(to) => set({ text: to })} />
        <Trouble problem={problem} />
        <StepLine step={step} />
        <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{t('wall.time.send', { other })}</button></div>
      </form>
    </>
  );
}

export function WhenField({ id, value, wrong, onChange }: { id: string; value: string; wrong: boolean; onChange: (to: string) => void }) {
  return (
    <div class="field">
      <label for={id}>{t('wall.time.when')}</label>
      {wrong && <p class="wrong" id={`${id}-wrong`}><Icon name="alert" />{t('wall.time.wrong')}</p>}
      <input class="input" id={id} type="datetime-local" value={value} aria-invalid={wrong ? 'true' : undefined} aria-describedby={wrong ? `${id}-wrong` : undefined} onInput={(e) => onChange(e.currentTarget.value)} />
    </div>
  );
}

export function TextField({ value, onChange }: { value: string; onChange: (to: string) => void }) {
  return (
    <div class="field">
      <label for="time-text">{t('wall.time.text')}</label>
      <p class="hint" id="time-text-hint">{t('wall.time.text_hint')}</p>
      <textarea class="input" id="time-text" autocomplete="off" rows={2} maxLength={1000} aria-describedby="time-text-hint" value={value} onInput={(e) => onChange(e.currentTarget.value)} />
    </div>
  );
}

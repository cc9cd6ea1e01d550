// Sharing something with the other organisation: a deliberate act, and before one
// types it says who will see it.
import { useState } from 'preact/hooks';
import { Icon, me, newId, now, StepLine, t } from '../desk/env';
import { peopleOf } from '../desk/files';
import { Sees, Trouble, useCommit } from '../desk/parts';
import { isSocial, personName } from '../desk/words';
import { sayings, sharedSees, signed } from './rooms';
import { useDraft } from '../../ui/draft';
import type { Rec } from '../../core/api';

const nothing = () => ({ about: '', text: '', concerns: [] as string[] });

export function Say({ room }: { room: Rec }) {
  const { values: { about, text, concerns }, set, clear, step } = useDraft(`say:${room.id}`, nothing);
  const said = sayings(room).find((s) => s.about === about);
  const [wrong, setWrong] = useState<'choose' | 'empty' | null>(null);
  const { problem, busy, write } = useCommit();
  const other = room.f.other_name as string;
  const share = async () => {
    if (!said) return setWrong('choose');
    if (!said.fixed && !text.trim()) return setWrong('empty');
    const fields: Record<string, unknown> = {
      household: room.f.household, case: room.f.case, by: me(), shared_with: room.f.other_org, at: now(), signed: signed(),
      ...(said.kind === 'thread_word' ? { word: said.about } : { about: said.about }),
    };
    if (!said.fixed) fields.text = text.trim();
    if (said.kind !== 'thread_word' && concerns.length > 0) fields.concerns = concerns;
    if (await write([{ kind: said.kind, record: newId(), fields }])) await clear();
  };
  return (
    <form class="card stack" aria-labelledby={`say-${room.id}`} noValidate onSubmit={(e) => { e.preventDefault(); if (!busy) void share(); }}>
      <h2 id={`say-${room.id}`}>{t('wall.say.title')}</h2>
      <fieldset class="field" aria-describedby={wrong === 'choose' ? 'say-wrong' : undefined}>
        <legend>{t('wall.say.what')}</legend>
        {wrong === 'choose' && <p class="wrong" id="say-wrong"><Icon name="alert" />{t('wall.say.choose')}</p>}
        {sayings(room).map((s) => (
          <label key={s.about} class="pick">
            <input type="radio" name={`say-${room.id}`} checked={about === s.about} onChange={() => { set({ about: s.about }); setWrong(null); }} />
            <span>{t(`wall.say.${s.about as 'plan'}`)}</span>
          </label>
        ))}
      </fieldset>
      {said && isSocial() && said.kind !== 'thread_word' && <Whom room={room} concerns={concerns} onChange={(to) => set({ concerns: to })} />}
      {said && <Sees row={said.kind}>{sharedSees(room, said.kind, concerns)}</Sees>}
      {said && !said.fixed && (
        <div class="field">
          <label for={`text-${room.id}`}>{t('wall.say.text')}</label>
          {wrong === 'empty' && <p class="wrong" id="text-wrong"><Icon name="alert" />{t('wall.say.empty')}</p>}
          <textarea autocomplete="off" class="input" id={`text-${room.id}`} maxLength={2000} value={text} aria-invalid={wrong === 'empty' ? 'true' : undefined}
            aria-describedby={wrong === 'empty' ? 'text-wrong' : undefined} onInput={(e) => { set({ text: e.currentTarget.value }); setWrong(null); }} />
        </div>
      )}
      <Trouble problem={problem} />
      <StepLine step={step} />
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{t('wall.say.button', { other })}</button></div>
    </form>
  );
}

/** Whom it concerns: each of them needs a consent of their own, children too. */
export function Whom({ room, concerns, onChange }: { room: Rec; concerns: string[]; onChange: (to: string[]) => void }) {
  const covered = (room.f.covered ?? []) as string[];
  return (
    <fieldset class="field">
      <legend>{t('wall.say.who')}</legend>
      <p class="hint">{t('wall.say.who_hint')}</p>
      {peopleOf(room.f.household).map((p) => (
        <label key={p.id} class="pick">
          <input type="checkbox" checked={concerns.includes(p.id)} onChange={(e) => onChange(e.currentTarget.checked ? [...concerns, p.id] : concerns.filter((c) => c !== p.id))} />
          <span>{personName(p)}{!covered.includes(p.id) && <small>{t('wall.say.no_consent')}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
}

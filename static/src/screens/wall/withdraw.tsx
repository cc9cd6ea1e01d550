// A tenant takes a consent back by telephone, at a visit or in a letter. It is
// never refused and waits for nothing.
import { useState } from 'preact/hooks';
import { core, Icon, newId, now, t } from '../desk/env';
import { peopleOf } from '../desk/files';
import { Trouble, useCommit } from '../desk/parts';
import { personName } from '../desk/words';
import type { Rec } from '../../core/api';

const hows = ['phone', 'visit', 'letter'] as const;

export function Withdraw({ room, kase }: { room: Rec; kase: Rec }) {
  const [who, setWho] = useState('');
  const [how, setHow] = useState<(typeof hows)[number]>('phone');
  const { problem, busy, write } = useCommit();
  const covered = peopleOf(room.f.household).filter((p) => ((room.f.covered ?? []) as string[]).includes(p.id));
  const unit = core.list('consent_state').value.filter((s) => s.f.case === kase.id).map((s) => core.get('giving', s.f.giving)?.f.unit).find(Boolean) ?? kase.f.unit;
  const take = () => write([{ kind: 'withdrawal', record: newId(), fields: { unit, case: kase.id, how, at: now(), ...(who && { person: who }) } }]);
  return (
    <details class="card is-flush">
      <summary class="row is-mid"><Icon name="undo" flip /><b>{t('wall.withdraw.title')}</b><Icon name="down" turn /></summary>
      <form class="more stack" onSubmit={(e) => { e.preventDefault(); if (!busy) void take(); }}>
        <p>{t('wall.withdraw.text', { other: room.f.other_name })}</p>
        {covered.length > 1 && (
          <fieldset class="field">
            <legend>{t('wall.withdraw.who')}</legend>
            {[{ id: '', name: t('wall.withdraw.all') }, ...covered.map((p) => ({ id: p.id, name: personName(p) }))].map((p) => (
              <label key={p.id} class="pick"><input type="radio" name="who" checked={who === p.id} onChange={() => setWho(p.id)} /><span>{p.name}</span></label>
            ))}
          </fieldset>
        )}
        <fieldset class="field">
          <legend>{t('wall.withdraw.how')}</legend>
          {hows.map((h) => <label key={h} class="pick"><input type="radio" name="how" checked={how === h} onChange={() => setHow(h)} /><span>{t(`wall.withdraw.${h}`)}</span></label>)}
        </fieldset>
        <Trouble problem={problem} />
        <div><button class="btn" type="submit" aria-disabled={busy}>{t('wall.withdraw.button')}</button></div>
      </form>
    </details>
  );
}

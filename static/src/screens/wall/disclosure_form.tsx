// On which ground, why it holds here, and who decided.
import { useMemo, useState } from 'preact/hooks';
import { core, Icon, lang, me, session, t } from '../desk/env';
import { Sees } from '../desk/parts';
import { deskColleagues, whoSees } from '../desk/words';
import { GROUNDS } from '../../grounds.gen';
import type { Rec } from '../../core/api';

export interface Decided { ground: string; why: string; decider: string; chosen: string }
type Wrong = 'ground' | 'why' | 'decider' | 'other' | null;

const somebodyElse = '-';

export function DecisionForm({ room, entry, decided, onDecide }: { room: Rec; entry: Rec; decided: Decided | null; onDecide: (d: Decided) => void }) {
  const draft = useMemo(() => core.draft(`disclose:${entry.id}`), [entry.id]);
  const [ground, setGround] = useState(decided?.ground ?? '');
  const [chosen, setChosen] = useState(decided?.chosen ?? '');
  const [named, setNamed] = useState(decided?.chosen === somebodyElse ? decided.decider : '');
  const [wrong, setWrong] = useState<Wrong>(null);
  const other = room.f.other_name as string;
  const why = draft.text.value;
  const decider = chosen === somebodyElse ? named.trim() : nameAndTitle(chosen);
  const next = () => {
    const missing: Wrong = !ground ? 'ground' : !why.trim() ? 'why' : !chosen ? 'decider' : !decider ? 'other' : null;
    setWrong(missing);
    if (missing) requestAnimationFrame(() => document.querySelector<HTMLElement>('form.decision [aria-invalid="true"]')?.focus());
    else onDecide({ ground, why: why.trim(), decider, chosen });
  };
  return (
    <form class="card stack decision" aria-labelledby="decision" noValidate onSubmit={(e) => { e.preventDefault(); next(); }}>
      <h2 id="decision">{t('wall.tell.decision')}</h2>
      <Sees row="disclosure">{whoSees(core.get('case', room.f.case)?.f.unit)} {t('wall.tell.sees_why', { other })}</Sees>
      <fieldset class="field" aria-describedby={wrong === 'ground' ? 'ground-wrong' : undefined}>
        <legend>{t('wall.tell.which')}</legend>
        {wrong === 'ground' && <Said id="ground-wrong" text={t('wall.tell.wrong_ground')} />}
        {GROUNDS.filter((g) => g.for === session().org.kind).map((g) => (
          <label key={g.id} class="pick">
            <input type="radio" name="ground" checked={ground === g.id} aria-invalid={wrong === 'ground' ? 'true' : undefined} onChange={() => { setGround(g.id); setWrong(null); }} />
            <span>{lang() === 'en' ? g.en : g.sv}<small>{g.law}</small></span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="why">{t('wall.tell.why')}</label>
        <p class="hint" id="why-hint">{t('wall.tell.why_hint')}</p>
        {wrong === 'why' && <Said id="why-wrong" text={t('wall.tell.wrong_why')} />}
        <textarea class="input" id="why" maxLength={1000} autocomplete="off" value={why} aria-invalid={wrong === 'why' ? 'true' : undefined} aria-describedby={wrong === 'why' ? 'why-hint why-wrong' : 'why-hint'} onInput={(e) => { draft.set(e.currentTarget.value); setWrong(null); }} />
      </div>
      <div class="field">
        <label for="decider">{t('wall.tell.who')}</label>
        {wrong === 'decider' && <Said id="decider-wrong" text={t('wall.tell.wrong_decider')} />}
        <select class="input" id="decider" value={chosen} aria-invalid={wrong === 'decider' ? 'true' : undefined} aria-describedby={wrong === 'decider' ? 'decider-wrong' : undefined} onChange={(e) => { setChosen(e.currentTarget.value); setWrong(null); }}>
          <option value="">{t('wall.tell.choose')}</option>
          {deskColleagues().map((c) => <option key={c.id} value={c.id}>{nameAndTitle(c.id)}{c.id === me() && ` ${t('wall.tell.you')}`}</option>)}
          <option value={somebodyElse}>{t('wall.tell.somebody_else')}</option>
        </select>
      </div>
      {chosen === somebodyElse && (
        <div class="field">
          <label for="named">{t('wall.tell.named')}</label>
          {wrong === 'other' && <Said id="named-wrong" text={t('wall.tell.wrong_decider')} />}
          <input class="input" id="named" maxLength={200} autoComplete="off" value={named} aria-invalid={wrong === 'other' ? 'true' : undefined} aria-describedby={wrong === 'other' ? 'named-wrong' : undefined} onInput={(e) => { setNamed(e.currentTarget.value); setWrong(null); }} />
        </div>
      )}
      <p class="small soft">{t('wall.tell.next')}</p>
      <div><button class="btn is-primary" type="submit">{t('wall.tell.on')}</button></div>
    </form>
  );
}

const Said = ({ id, text }: { id: string; text: string }) => <p class="wrong" id={id}><Icon name="alert" />{text}</p>;

/** "Karin Öst, enhetschef" */
function nameAndTitle(id: string): string {
  const f = core.get('colleague', id)?.f;
  return f ? [f.name, f.title && String(f.title).toLocaleLowerCase()].filter(Boolean).join(', ') : '';
}

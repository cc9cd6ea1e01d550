// Two answers to one question: which is right?
import { Bar, core, Crumb, go, Icon, Link, longDay, me, Screen, StepLine, t, Time, type ScreenProps } from '../ui';
import { capital } from './phone/when';
import { useState } from 'preact/hooks';
import { colleague, firstNameOf, householdOf, isProtected, nameOf, placeOf, visitOf } from './phone/contacts';
import { conflictTitle, maySettle, open, targetOf, valueText, versionsOf } from './phone/conflicts';
import { bothShown } from './phone/kept_both';
import { By, tel, Trouble } from './phone/parts';
import { useSave } from './phone/use_save';
import { NotFound } from './phone/visit_after';
import type { Rec } from '../core/api';

export default function Conflict({ params: { id } }: ScreenProps) {
  const conflict = core.get('conflict', id);
  if (!conflict) return <NotFound />;
  return <Open key={id} conflict={conflict} />;
}

function Open({ conflict }: { conflict: Rec }) {
  const saver = useSave();
  const versions = versionsOf(conflict);
  const [choice, setChoice] = useState<string>(conflict.f.choice || versions[0]?.commit || '');
  const other = versions.find((v) => v.by !== me())?.by;
  const phone = other ? colleague(other)?.f.phone as string | undefined : undefined;
  const save = () => saver.save([{ kind: 'conflict', record: conflict.id, fields: { choice } }]);
  const settled = !open(conflict);
  const mine = !settled && maySettle(conflict);
  return (
    <Screen
      title={t('phone.conflict.name')}
      top={<Crumb to="/inbox">{t('phone.inbox.title')}</Crumb>}
      bar={
        <Bar label={t('phone.conflict.bar')}>
          {other && phone && <a class="btn" href={tel(phone)}><Icon name="phone" />{t('phone.conflict.call', { name: firstNameOf(other) })}</a>}
          {mine
            ? <button class="btn is-primary" type="button" onClick={save}>{t('phone.conflict.save')}</button>
            : <button class="btn is-primary" type="button" onClick={() => go('/inbox')}>{t('phone.conflict.back')}</button>}
        </Bar>
      }
    >
      <section class="stack">
        <h1>{conflictTitle(conflict)}</h1>
        <p>{about(conflict)}</p>
        <Trouble problem={saver.problem} />
      </section>
      {settled && <Settled conflict={conflict} />}
      {mine && <Choose conflict={conflict} choice={choice} choose={setChoice} />}
      {!settled && !mine && <Theirs conflict={conflict} />}
      {(settled || mine) && <Result conflict={conflict} choice={settled ? conflict.f.choice : choice} />}
      {!settled && (
        <p class="banner"><Icon name="info" /><span>{t(isShown(conflict) ? 'phone.conflict.shown' : 'phone.conflict.no_hurry')} <Link to={`/why/rules/${conflict.f.rule}`}>{t('why')}</Link></span></p>
      )}
    </Screen>
  );
}

/** Where and when, and that nothing is lost. */
function about(conflict: Rec): string {
  const target = targetOf(conflict);
  if (!target) return t('phone.conflict.kept');
  const visit = conflict.f.kind === 'contact';
  const household = visit ? visitOf(target).household : householdOf(target.f.household ?? target.id).household;
  const day = visit && (target.f.planned_at ?? versionsOf(conflict)[0]?.at);
  return [isProtected(household) ? t('phone.protected') : placeOf(household), day ? capital(longDay(day)) : '', t('phone.conflict.kept')].filter(Boolean).join('. ');
}

const isShown = (conflict: Rec) => bothShown.includes(`${conflict.f.kind}.${conflict.f.field}`);

/** What was written, for somebody who may not choose. */
const Theirs = ({ conflict }: { conflict: Rec }) => (
  <section class="card stack">
    {versionsOf(conflict).map((v) => <p key={v.commit}><b>{valueText(conflict, v.v)}</b><By value={v} /></p>)}
    <p>{t('phone.both.theirs')}</p>
  </section>
);

function Choose({ conflict, choice, choose }: { conflict: Rec; choice: string; choose: (c: string) => void }) {
  const both = isShown(conflict) ? 'both_shown' : conflict.f.field === 'outcome' ? 'both_text' : 'both_field';
  return (
    <fieldset class="stack">
      <legend class="sr">{t('phone.conflict.which')}</legend>
      <h2 aria-hidden="true">{t('phone.conflict.which')}</h2>
      <div class="versions">
        {versionsOf(conflict).map((v, i) => (
          <label key={v.commit} class="pick">
            <input type="radio" name="version" checked={choice === v.commit} onChange={() => choose(v.commit)} />
            <span class="stack tight">
              <span><small>{v.by === me() ? t('phone.conflict.you_wrote') : t('phone.conflict.wrote', { name: nameOf(v.by) })} <Time at={v.at} /></small><b>{valueText(conflict, v.v)}</b></span>
              {i === 0 && <span><span class="chip">{t('phone.conflict.current')}</span></span>}
            </span>
          </label>
        ))}
      </div>
      <label class="pick">
        <input type="radio" name="version" checked={choice === 'both'} onChange={() => choose('both')} />
        <span><b>{t('phone.conflict.both')}</b><small>{t(`phone.conflict.${both}`)}</small></span>
      </label>
    </fieldset>
  );
}

/** What follows from the choice, before it is made. */
function Result({ conflict, choice }: { conflict: Rec; choice?: string }) {
  if (!choice) return null;
  const versions = versionsOf(conflict);
  const chosen = versions.find((v) => v.commit === choice) ?? versions[0];
  const others = [...new Set(versions.map((v) => v.by))].filter((p) => p !== me()).map(firstNameOf);
  const outcome = conflict.f.field === 'outcome';
  const lines = [
    choice === 'both' && isShown(conflict) ? t('phone.conflict.both_shown')
      : choice === 'both' ? t(outcome ? 'phone.conflict.result_both' : 'phone.conflict.result_both_field', { answer: chosen ? valueText(conflict, chosen.v) : '' })
      : t(outcome ? 'phone.conflict.result' : 'phone.conflict.result_field', { answer: chosen ? valueText(conflict, chosen.v) : '' }),
    choice === 'both' && isShown(conflict) ? '' : t('phone.conflict.result_history'),
    others.length > 0 ? t('phone.conflict.result_seen', { name: others.join(', ') }) : '',
  ].filter(Boolean);
  return (
    <section class="card stack">
      <h2>{t('phone.conflict.so')}</h2>
      <ul class="say">{lines.map((l) => <li key={l}><Icon name="check" /><span>{l}</span></li>)}</ul>
    </section>
  );
}

function Settled({ conflict }: { conflict: Rec }) {
  const chosen = versionsOf(conflict).find((v) => v.commit === conflict.f.choice);
  const by = conflict.f.settled?.by as string | undefined;
  return (
    <section class="card stack tight" role="status">
      <p class="small soft">
        {by && by !== me() ? t('phone.conflict.chose', { name: nameOf(by) }) : t('phone.conflict.you_chose')} {conflict.f.settled && <Time at={conflict.f.settled.at} />}
      </p>
      <h2>{chosen ? valueText(conflict, chosen.v) : t('phone.conflict.both')}</h2>
      <StepLine step={core.stepOf(conflict.id).value} />
    </section>
  );
}

// The lost-and-found: work that came when its author had no access any more. It is
// taken over, added to the case as it was written, or left out with a reason.
import { core, Crumb, Icon, Link, longDay, me, Screen, StepLine, t, TextField, WhoSees } from '../ui';
import { useState } from 'preact/hooks';
import { householdOf, isProtected, nameOf, placeOf } from './phone/contacts';
import { outcomeText } from './phone/outcomes';
import { Trouble } from './phone/parts';
import { useSave } from './phone/use_save';
import type { FoundFields } from '../schema.gen';
import type { Rec } from '../core/api';

/** What lies there for me: what nobody has taken, and what I took. The oldest first. */
const foundForMe = (): Rec[] =>
  core.list('found').value
    .filter((r) => r.f.state === 'open' || (r.f.state === 'taken' && r.f.settled?.by === me()))
    .sort((a, b) => a.f.received - b.f.received);

export default function Found() {
  const found = foundForMe();
  return (
    <Screen title={t('found.title')} top={<Crumb to="/inbox">{t('phone.inbox.title')}</Crumb>}>
      <section class="stack">
        <h1>{t('found.title')}</h1>
        <p>{t(found.length > 0 ? 'found.intro' : 'found.none')}</p>
        {found.map((r) => <One key={r.id} found={r} />)}
      </section>
    </Screen>
  );
}

function One({ found }: { found: Rec }) {
  const saver = useSave();
  const draft = core.draft(`found:${found.id}`);
  const reason = draft.text.value;
  const [leaving, setLeaving] = useState(reason !== '');
  const { household } = householdOf(found.f.household);
  const place = isProtected(household) ? t('phone.protected') : placeOf(household);
  const settle = async (state: FoundFields['state'], more = {}) => {
    if (await saver.save([{ kind: 'found', record: found.id, fields: { state, ...more } }])) await draft.clear();
  };
  const stay = () => {
    setLeaving(false);
    void draft.clear();
  };
  return (
    <article class="card stack">
      <div class="stack tight">
        <h2>{t('found.about', { name: nameOf(found.f.by), place })}</h2>
        <p class="small soft">{t('found.when', { day: longDay(found.f.written ?? found.f.received), late: longDay(found.f.received) })}</p>
        {found.f.state === 'taken' && <p class="small"><Icon name="check" small /> {t('found.yours')}</p>}
      </div>
      {written(found).map((text, i) => <blockquote key={i} class="soft written">{text}</blockquote>)}
      <Trouble problem={saver.problem} />
      {leaving ? (
        <form class="stack" onSubmit={(e) => { e.preventDefault(); if (reason.trim()) void settle('dismissed', { reason: reason.trim() }); }}>
          <WhoSees row="found">{t('found.sees')}</WhoSees>
          <TextField label={t('found.reason')} value={reason} onText={(text) => draft.set(text.slice(0, 500))} lines />
          <StepLine step={reason ? draft.step.value : null} />
          <div class="pair">
            <button class="btn is-small" type="submit" aria-disabled={!reason.trim()}>{t('found.leave_out')}</button>
            <button class="btn is-small" type="button" onClick={stay}>{t('back')}</button>
          </div>
        </form>
      ) : (
        <div class="stack tight">
          <button class="btn is-primary is-block" type="button" onClick={() => settle('attached')}>{t('found.attach')}</button>
          <div class="pair">
            {found.f.state === 'open' && <button class="btn is-small" type="button" onClick={() => settle('taken')}>{t('found.take')}</button>}
            <button class="btn is-small" type="button" onClick={() => setLeaving(true)}>{t('found.dismiss')}</button>
          </div>
          {found.f.case && <Link class="link" to={`/case/${found.f.case as string}`}>{t('found.case')}</Link>}
        </div>
      )}
    </article>
  );
}

/** What was written, as one reads it: texts and answers; of the rest, that it is there. */
function written(found: Rec): string[] {
  const changes = (found.f.changes ?? []) as NonNullable<FoundFields['changes']>;
  const texts = changes.flatMap(({ fields }) => {
    const text = fields.text?.v ?? fields.message?.v;
    const outcome = fields.outcome?.v;
    return [typeof text === 'string' ? `”${text}”` : '', outcome ? outcomeText(outcome as never) : ''].filter(Boolean);
  });
  const others = changes.filter(({ fields }) => !fields.text && !fields.message && !fields.outcome).length;
  return others > 0 ? [...texts, t('found.others', { count: others })] : texts;
}

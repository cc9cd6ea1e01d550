// Nobody home: already saved when this opens. The second tap says whether a note was left.
import { Bar, clock, core, Crumb, daysBetween, go, Icon, longDay, now, Screen, Sheet, StepLine, t, Time, WhoSees, type ScreenProps } from '../ui';
import { capital, fromInput, toInput } from './phone/when';
import { useEffect, useState } from 'preact/hooks';
import { LetterBoxNote } from './phone/letter_box_note';
import { earlier, placeOf, visitOf, type Visit } from './phone/contacts';
import { suggestions, type Suggestion } from './phone/next_try';
import { closedSheets, outcome, outcomeChange, outcomeOf, takeable, undoOutcome, unreached } from './phone/outcomes';
import { Trouble, whoSees } from './phone/parts';
import { useSave } from './phone/use_save';
import { NotFound } from './phone/visit_after';

export default function NobodyHome({ params: { id } }: ScreenProps) {
  const contact = core.get('contact', id);
  const answered = outcomeOf(contact)?.answer === 'nobody_home';
  const [stale] = useState(() => closedSheets.has(id));
  useEffect(() => {
    if (contact && (!answered || stale)) go(`/visit/${id}`, { replace: true }); // taken back, or a link to a visit that went otherwise
  }, [contact, answered]);
  if (!contact) return <NotFound />;
  if (!answered || stale) return null;
  return <Open visit={visitOf(contact)} />;
}

function Open({ visit }: { visit: Visit }) {
  const { contact, household, kase } = visit;
  const saver = useSave();
  const [opened] = useState(now);
  const [late, setLate] = useState(false);
  const [next, setNext] = useState<number | null | undefined>(undefined); // undefined: the first suggestion
  const tries = triesFor(visit, opened);
  const chosen = next === undefined ? (contact.f.next_at ?? tries[0]?.at ?? null) : next;
  const answered = outcomeOf(contact)!;

  const finish = async (noteLeft: boolean) => {
    const value = outcome('nobody_home', noteLeft, answered.at);
    const same = noteLeft === (answered.note_left ?? false) && chosen === (contact.f.next_at ?? null);
    if (same || (await saver.save([outcomeChange(contact.id, value, { next_at: chosen })]))) leave('/');
  };
  const leave = (to: string, how?: { replace: boolean }) => {
    closedSheets.add(contact.id);
    go(to, how);
  };
  const undo = async () => {
    if (await undoOutcome(contact.id)) leave(`/visit/${contact.id}`, { replace: true });
    else setLate(true);
  };
  const place = placeOf(household);
  return (
    <Screen title={t('phone.answer.nobody_home')} top={<Crumb to={`/visit/${contact.id}`}>{t('phone.form.visit')}</Crumb>}>
      <h1>{place}</h1>
      <Sheet title={t('phone.answer.nobody_home')} onClose={() => leave(`/visit/${contact.id}`, { replace: true })}>
        <div class="stack tight">
          <p class="soft">{place}. <Time at={answered.at} /></p>
          <div class="cluster apart">
            <StepLine step={core.stepOf(contact.id).value} />
            {takeable(contact.id).length > 0 && (
              <button class="link" type="button" onClick={undo}><Icon name="undo" small />{t('phone.undo')}</button>
            )}
          </div>
          {late && <p role="status">{t('phone.undo_late')}</p>}
          <Trouble problem={saver.problem} />
        </div>
        <NextTry tries={tries} chosen={chosen} choose={setNext} />
        <WhoSees row="contact">{whoSees(visit.contact)}</WhoSees>
        <EvictionNear at={kase?.f.eviction_at} />
        <LetterBoxNote visit={visit} next={chosen} at={answered.at} />
        <Bar label={t('phone.nobody.bar')}>
          <button class="btn" type="button" onClick={() => finish(false)}>{t('phone.nobody.no_note')}</button>
          <button class="btn is-primary is-wide" type="button" onClick={() => finish(true)}><Icon name="check" />{t('phone.nobody.note')}</button>
        </Bar>
      </Sheet>
    </Screen>
  );
}

function triesFor({ contact, household, kase }: Visit, at: number): Suggestion[] {
  const before = earlier(contact.f.household, contact.id).map(outcomeOf).filter(unreached);
  const tried = [...before, outcomeOf(contact)].map((o) => ({ at: o!.at }));
  return suggestions(tried, at, { children: household?.f.children === true, eviction: kase?.f.eviction_at ?? undefined });
}

interface NextTryProps {
  tries: Suggestion[];
  chosen: number | null;
  choose: (at: number | null) => void;
}

function NextTry({ tries, chosen, choose }: NextTryProps) {
  const suggested = tries.some((s) => s.at === chosen);
  const [own, setOwn] = useState(chosen !== null && !suggested);
  const pick = (at: number | null) => {
    setOwn(false);
    choose(at);
  };
  return (
    <fieldset class="stack">
      <legend class="sr">{t('phone.nobody.next')}</legend>
      <h2 aria-hidden="true">{t('phone.nobody.next')}</h2>
      {tries.map((s) => (
        <label key={s.at} class="pick">
          <input type="radio" name="next" checked={!own && chosen === s.at} onChange={() => pick(s.at)} />
          <span><b>{capital(longDay(s.at))}, <Time at={s.at} as={clock} /></b><small>{becauseText(s)}</small></span>
        </label>
      ))}
      <label class="pick">
        <input type="radio" name="next" checked={own} onChange={() => setOwn(true)} />
        <span><b>{t('phone.nobody.other_time')}</b></span>
      </label>
      {own && (
        <div class="field">
          <label for="own-time">{t('phone.nobody.when')}</label>
          <input class="input" id="own-time" type="datetime-local" value={chosen ? toInput(chosen) : ''} onChange={(e) => choose(fromInput(e.currentTarget.value))} />
        </div>
      )}
      <label class="pick">
        <input type="radio" name="next" checked={!own && chosen === null} onChange={() => pick(null)} />
        <span><b>{t('phone.nobody.later')}</b></span>
      </label>
    </fieldset>
  );
}

function becauseText(s: Suggestion): string {
  if (s.because !== 'evening' || s.days === 0) return t(`phone.nobody.because_${s.because}`);
  return s.days === 1 ? t('phone.nobody.because_day') : t('phone.nobody.because_days', { n: s.days });
}

/** Only while a visit in time can still help. */
function EvictionNear({ at }: { at?: number }) {
  if (!at) return null;
  const days = daysBetween(now(), at);
  if (days < 0 || days > 14) return null;
  return (
    <p class="banner is-soon"><Icon name="calendar" /><span>{t('phone.nobody.eviction', { day: longDay(at), time: clock(at) })}</span></p>
  );
}

// One's own word about a joint time: yes, another time, no. A yes plans the visit of
// one's own people in the same commit.
import { useState } from 'preact/hooks';
import { Icon, me, newId, now, StepLine, t } from '../desk/env';
import { Inline, Trouble, useCommit } from '../desk/parts';
import { Goers } from '../desk/plan_form';
import { whenWord, whoSees } from '../desk/words';
import { fromInput, toInput } from '../phone/when';
import { core } from '../../ui';
import { answerTo, standOf, timeOf, type Pair } from './stands';
import { TextField, WhenField } from './propose';
import { useEdit } from '../../ui/draft';
import { sharedSees, signed } from './rooms';
import type { Change, Rec } from '../../core/api';

interface Props { room: Rec; pair: Pair; contact?: Rec; concerns: string[] }

export function Actions({ room, pair, contact, concerns }: Props) {
  const [form, show] = useState<'yes' | 'other' | null>(() => (['yes', 'other'] as const).find((each) => core.draft(keyOf(each, pair)).text.peek()) ?? null); // what was begun stands open again
  const { problem, busy, write } = useCommit();
  const stand = standOf(pair);
  const live = contact && !contact.f.cancelled;
  const say = (state: string) => !busy && write([own(room, pair, concerns, { state, ...(state === 'declined' && { planned_at: pair.theirs!.f.planned_at }) }), ...(live ? [off(contact)] : [])]);
  const yes = stand === 'asks' || stand === 'differ';
  const plan = stand === 'agreed' && !live;
  const move = ['asks', 'differ', 'agreed', 'asked', 'declined', 'turned_down'].includes(stand);
  const no = stand === 'asks' && !pair.own;
  const end = ['agreed', 'asked', 'differ', 'called_off', 'alone', 'turned_down'].includes(stand) || (stand === 'asks' && Boolean(pair.own));
  if (form === 'yes') return <Yes room={room} pair={pair} contact={live ? contact : undefined} concerns={concerns} onClose={() => show(null)} />;
  if (form === 'other') return <Other room={room} pair={pair} concerns={concerns} onClose={() => show(null)} />;
  return (
    <>
      <Trouble problem={problem} />
      <div class="cluster">
        {yes && <button class="btn is-primary" type="button" onClick={() => show('yes')}><Icon name="check" small />{t('wall.time.yes', { when: whenWord(pair.theirs!.f.planned_at) })}</button>}
        {plan && <button class="btn is-primary" type="button" onClick={() => show('yes')}><Icon name="door" small />{t('wall.time.plan')}</button>}
        {move && <button class="btn" type="button" onClick={() => show('other')}>{t('wall.time.other')}</button>}
        {no && <button class="btn" type="button" onClick={() => void say('declined')}>{t('wall.time.no')}</button>}
        {end && <button class="btn" type="button" onClick={() => void say('cancelled')}>{t(stand === 'asked' ? 'wall.time.take_back' : stand === 'called_off' ? 'wall.time.cancel_too' : 'wall.time.cancel')}</button>}
        {(stand === 'cancelled' || stand === 'called_off') && <a class="btn" href={`/case/${room.f.case}/propose/${room.id}`}>{t('wall.time.anew')}</a>}
      </div>
    </>
  );
}

/** A yes to their time, or to what both have said: who goes from here? */
function Yes({ room, pair, contact, concerns, onClose }: Props & { onClose: () => void }) {
  const { values: { people }, set, clear, step } = useEdit(keyOf('yes', pair), { people: (contact?.f.people as string[]) ?? [] });
  const [wrong, setWrong] = useState(false);
  const { problem, busy, write } = useCommit();
  const unit = core.get('case', room.f.case)?.f.unit as string | undefined;
  const at = (pair.theirs ?? pair.own)!.f.planned_at as number;
  const purpose = (pair.theirs ?? pair.own)!.f.purpose as string;
  const save = async () => {
    setWrong(people.length === 0);
    if (people.length === 0 || busy) return;
    const agreed = standOf(pair) === 'agreed' ? [] : [own(room, pair, concerns, { state: 'agreed', planned_at: at, purpose })];
    if (await write([...agreed, visit(room, pair, at, purpose, people, contact)])) close();
  };
  const close = () => {
    void clear();
    onClose();
  };
  return (
    <Inline title={t('wall.time.who_goes')} save={t('wall.time.save')} onSave={() => void save()} onClose={close} problem={problem} sees={whoSees(unit, people)} row="contact">
      <Goers people={people} onChange={(to) => { set({ people: to }); setWrong(false); }} wrong={wrong ? t('desk.plan_form.no_people') : undefined} unit={unit} />
      <StepLine step={step} />
    </Inline>
  );
}

const keyOf = (form: 'yes' | 'other', pair: Pair) => (form === 'yes' ? `time-yes:${pair.id}` : `time:${pair.id}`);

function Other({ room, pair, concerns, onClose }: Omit<Props, 'contact'> & { onClose: () => void }) {
  const { values: { when, text }, set, clear, step } = useEdit(keyOf('other', pair), { when: toInput(timeOf(pair)), text: (pair.own?.f.text as string) ?? '' });
  const [wrong, setWrong] = useState(false);
  const { problem, busy, write } = useCommit();
  const save = async () => {
    const at = fromInput(when);
    setWrong(!at);
    if (!at || busy) return;
    if (await write([own(room, pair, concerns, { state: 'proposed', planned_at: at, ...((text.trim() || pair.own?.f.text) && { text: text.trim() }) })])) close();
  };
  const close = () => {
    void clear();
    onClose();
  };
  return (
    <Inline title={t('wall.time.other')} save={t('wall.time.send', { other: room.f.other_name })} onSave={() => void save()} onClose={close} problem={problem} sees={sharedSees(room, 'appointment', (pair.own?.f.concerns as string[]) ?? concerns)} row="appointment">
      <WhenField id="other-when" value={when} wrong={wrong} onChange={(to) => set({ when: to })} />
      <TextField value={text} onChange={(to) => set({ text: to })} />
      <StepLine step={step} />
    </Inline>
  );
}

/** One's own record of the time with something new in it: it is begun with the first answer. */
function own(room: Rec, pair: Pair, concerns: string[], change: Record<string, unknown>): Change {
  if (pair.own) return { kind: 'appointment', record: pair.own.id, fields: change };
  const { purpose, planned_at } = pair.theirs!.f;
  return {
    kind: 'appointment', record: answerTo(pair.id),
    fields: { household: room.f.household, case: room.f.case, by: me(), shared_with: room.f.other_org, signed: signed(), answers: pair.id, purpose, planned_at, ...(concerns.length > 0 && { concerns }), ...change },
  };
}

const visits: Record<string, string> = { joint_visit: 'joint', meeting: 'meeting', eviction_day: 'eviction_day' };

/** One's own visit for the time: planned, or moved to it. */
function visit(room: Rec, pair: Pair, at: number, purpose: string, people: string[], contact?: Rec): Change {
  if (!contact) {
    return { kind: 'contact', record: newId(), fields: { household: room.f.household, case: room.f.case, form: 'visit', purpose: visits[purpose], planned_at: at, people, appointment: pair.id } };
  }
  const moved = contact.f.planned_at !== at && { planned_at: at, moved: { from: contact.f.planned_at ?? 0, by: me(), at: Date.now() } };
  return { kind: 'contact', record: contact.id, fields: { people, ...moved } };
}

const off = (contact: Rec): Change => ({ kind: 'contact', record: contact.id, fields: { cancelled: { because: 'other', by: me(), at: now() } } });

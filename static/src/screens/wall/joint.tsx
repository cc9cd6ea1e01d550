// One joint time: what each side says, how that comes together, and one's own answer.
// Two that differ are shown as two; nothing is changed for the other side.
import { useState } from 'preact/hooks';
import { core, Gone, Icon, t } from '../desk/env';
import { Page } from '../desk/page';
import { Sees, When } from '../desk/parts';
import { ofCase } from '../desk/files';
import { goers, isSocial, whenWord, writes } from '../desk/words';
import { Net } from '../phone/parts';
import { Actions } from './joint_answer';
import { sharedSees } from './rooms';
import { Whom } from './say';
import { Standing, Step, Told } from './entry';
import { nameOf, standText, timesOf } from './times';
import { pairsOf, standOf, timeOf, type Pair, type Stand } from '../../ui/joint';
import type { Rec } from '../../core/api';
import type { ScreenProps } from '../../ui/router';

export default function Joint({ params: { id, time } }: ScreenProps) {
  const room = ofCase('room', id).find((r) => timesOf(r).some((p) => p.id === time));
  const pair = room && pairsOf(core.list('appointment').value.filter((a) => a.id === time || a.f.answers === time))[0];
  const back = { href: `/case/${id}/shared`, text: t('wall.title') };
  return (
    <Page at="/cases" title={t('wall.time.title')} back={back} reading>
      {room && pair ? <One key={pair.id} room={room} pair={pair} /> : <><h1 class="sr">{t('wall.time.title')}</h1><Gone /></>}
    </Page>
  );
}

const looks: Partial<Record<Stand, [string, string]>> = { agreed: ['banner is-good', 'check'], differ: ['banner is-soon', 'split'], called_off: ['banner is-soon', 'x'] };

function One({ room, pair }: { room: Rec; pair: Pair }) {
  const [concerns, setConcerns] = useState<string[]>([]);
  const stand = standOf(pair);
  const [look, icon] = looks[stand] ?? ['banner', 'calendar'];
  const contact = contactOf(room, pair);
  const asks = isSocial() && !pair.own;
  return (
    <>
      <h1>{nameOf(pair)} {whenWord(timeOf(pair))}</h1>
      <Net />
      <p class={look} role="status"><Icon name={icon} /><span>{standText(pair, room)}</span></p>
      <div class="versions">
        <Side title={t('wall.time.us')} time={pair.own} room={room} />
        <Side title={room.f.other_name} time={pair.theirs} room={room} />
      </div>
      {contact && <Planned contact={contact} pair={pair} />}
      {writes() && (
        <section class="stack" aria-labelledby="answer">
          <h2 id="answer">{t('wall.time.answer')}</h2>
          {asks && <Whom room={room} concerns={concerns} onChange={setConcerns} />}
          <Sees row="appointment">{sharedSees(room, 'appointment', (pair.own?.f.concerns as string[]) ?? concerns)}</Sees>
          <Actions room={room} pair={pair} contact={contact} concerns={concerns} />
        </section>
      )}
    </>
  );
}

/** One's own planned visit that belongs to the time. */
const contactOf = (room: Rec, pair: Pair): Rec | undefined =>
  ofCase('contact', room.f.case).filter((c) => c.f.appointment === pair.id).sort((a, b) => Number(Boolean(a.f.cancelled)) - Number(Boolean(b.f.cancelled)))[0];

/** What one side says. */
function Side({ title, time, room }: { title: string; time?: Rec; room: Rec }) {
  const own = time && !time.room;
  return (
    <article class="card stack tight">
      <h2 class="h3">{title}</h2>
      {!time ? <p class="soft">{t('wall.time.no_word')}</p> : (
        <>
          <p><b><When at={time.f.planned_at} /></b><span class="sub">{t(`wall.time.says.${time.f.state as 'agreed'}`)}</span></p>
          {time.f.text && <p class="written">{time.f.text}</p>}
          <p class="small soft">{time.f.signed}</p>
          {own ? <Standing entry={time} room={room} /> : time.f.disclosed && <Told at={time.f.disclosed} text={t('wall.told.theirs', { other: room.f.other_name })} />}
          {own && <Step record={time.id} />}
        </>
      )}
    </article>
  );
}

/** Who goes from here; said when it is not for the time that one has said oneself. */
function Planned({ contact, pair }: { contact: Rec; pair: Pair }) {
  const gone = Boolean(contact.f.cancelled);
  const other = gone || contact.f.planned_at !== timeOf(pair);
  return (
    <p class={other ? 'banner is-soon' : 'banner'}>
      <Icon name="door" />
      <span>{t(gone ? 'wall.time.gone' : other ? 'wall.time.planned_else' : 'wall.time.planned', { who: goers(contact) || t('desk.ahead.nobody'), when: whenWord(contact.f.planned_at) })} <a href={`/case/${contact.f.case}`}>{t('wall.time.to_case')}</a></span>
    </p>
  );
}

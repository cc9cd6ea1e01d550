// What is shared with the other organisation about one case, and the way to share more.
import { core, Gone, Icon, t } from './desk/env';
import { Page } from './desk/page';
import { Sees } from './desk/parts';
import { isSocial, writes } from './desk/words';
import { Net } from './phone/parts';
import { Entry } from './wall/entry';
import { Say } from './wall/say';
import { Times } from './wall/times';
import { SendNotice } from './wall/send_notice';
import { coveredNames, roomSentence, roomsOf, thread } from './wall/rooms';
import type { Rec } from '../core/api';
import type { ScreenProps } from '../ui/router';

export default function Shared({ params: { id } }: ScreenProps) {
  const kase = core.get('case', id);
  const back = { href: `/case/${id}`, text: t('wall.back') };
  if (!kase) return <Page at="/cases" title={t('wall.title')} back={back} reading><h1 class="sr">{t('wall.title')}</h1><Gone /></Page>;
  const rooms = roomsOf(id);
  return (
    <Page at="/cases" title={t('wall.title')} back={back} reading>
      <h1>{t('wall.title')}</h1>
      <Net />
      {rooms.length === 0 && (
        <div class="banner"><Icon name="lock" /><div><b>{t('wall.nothing.title')}</b><p>{t(isSocial() ? 'wall.nothing.social' : 'wall.nothing.landlord')}</p></div></div>
      )}
      {!isSocial() && writes() && !rooms.some((r) => r.f.notice) && <SendNotice kase={kase} />}
      {rooms.map((room) => <Room key={room.id} room={room} many={rooms.length > 1} />)}
      {writes() && (isSocial() || rooms.length > 0) && <a class="card row is-mid is-link" href={`/case/${id}/withdraw`}><Icon name="undo" flip /><b>{t('wall.withdraw.title')}</b><Icon name="right" flip /></a>}
    </Page>
  );
}

function Room({ room, many }: { room: Rec; many: boolean }) {
  const said = thread(room);
  const names = coveredNames(room);
  return (
    <section class="stack wide" aria-label={room.f.other_name}>
      {many && <h2>{room.f.other_name}</h2>}
      <Sees row="room">{roomSentence(room)}{room.f.state === 'open' && names && ` ${t('wall.covered', { people: names })}`}</Sees>
      <Times room={room} />
      {writes() && <Say room={room} />}
      <section class="stack" aria-labelledby={`thread-${room.id}`}>
        <h2 id={`thread-${room.id}`}>{t('wall.thread')}</h2>
        {said.length === 0 ? <p class="soft">{t('wall.thread_none')}</p> : said.map((entry) => <Entry key={entry.id} entry={entry} room={room} />)}
      </section>
    </section>
  );
}

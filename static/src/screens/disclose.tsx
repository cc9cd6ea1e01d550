// One thing is told to the other organisation without consent: on a legal ground,
// by somebody's decision, with a journal entry. Never by accident: a second step
// says what it means, and nothing is chosen in advance.
import { useState } from 'preact/hooks';
import { core, Gone, go, t } from './desk/env';
import { Page } from './desk/page';
import { writes } from './desk/words';
import { Net } from './phone/parts';
import { Confirm } from './wall/disclosure_confirm';
import { DecisionForm, type Decided } from './wall/disclosure_form';
import { roomsOf, seenThere } from './wall/rooms';
import { Words } from './wall/entry';
import type { Rec } from '../core/api';
import type { ScreenProps } from '../ui/router';

const kinds = ['message', 'thread_message', 'appointment'] as const;

export default function Disclose({ params: { id, record } }: ScreenProps) {
  const entry = kinds.map((kind) => core.get(kind, record)).find((r) => r && !r.room && r.f.case === id);
  const room = entry && roomsOf(id).find((r) => r.f.other_org === entry.f.shared_with);
  const back = { href: `/case/${id}/shared`, text: t('wall.title') };
  return (
    <Page at="/cases" title={t('wall.tell.title')} back={back} reading>
      {entry && room && writes() ? <Open entry={entry} room={room} /> : <><h1 class="sr">{t('wall.tell.title')}</h1><Gone /></>}
    </Page>
  );
}

function Open({ entry, room }: { entry: Rec; room: Rec }) {
  const [decided, decide] = useState<Decided | null>(null);
  const [sure, setSure] = useState(false);
  const other = room.f.other_name as string;
  const leave = () => go(`/case/${room.f.case}/shared`, { replace: true });
  if (sure && decided) return <Confirm entry={entry} room={room} decided={decided} onBack={() => setSure(false)} onLeave={leave} />;
  const seen = seenThere(room, entry);
  return (
    <>
      <h1>{t('wall.tell.title')}</h1>
      <Net />
      <p>{t(seen ? 'wall.tell.seen' : 'wall.tell.intro', { other })}</p>
      <article class="card stack tight"><Words entry={entry} room={room} /></article>
      {!seen && <DecisionForm room={room} entry={entry} decided={decided} onDecide={(d) => { decide(d); setSure(true); scrollTo(0, 0); }} />}
    </>
  );
}

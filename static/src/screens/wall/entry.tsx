// One thing that was said across the wall, as both sides see it: by whom, whether
// the other side sees it, and whether it was told for itself.
import { core, Icon, lang, StepLine, t } from '../desk/env';
import { whenWord, writes } from '../desk/words';
import { disclosureOf, seenThere } from './rooms';
import { GROUNDS } from '../../grounds.gen';
import type { Rec } from '../../core/api';

export function Entry({ entry, room }: { entry: Rec; room: Rec }) {
  const own = !entry.room;
  return (
    <article class="card stack tight">
      <Words entry={entry} room={room} />
      {own ? <Standing entry={entry} room={room} /> : entry.f.disclosed && <Told at={entry.f.disclosed} text={t('wall.told.theirs', { other: room.f.other_name })} />}
      {own && <Step record={entry.id} />}
    </article>
  );
}

/** What was said, and by whom; of a joint time what for and when. */
export function Words({ entry, room }: { entry: Rec; room: Rec }) {
  const fixed = entry.f.word ?? (entry.f.about === 'in_contact' ? 'in_contact' : null);
  const at = entry.f.at as number | undefined;
  return (
    <>
      <p class="small soft">{entry.room ? t('wall.from', { signed: entry.f.signed, org: room.f.other_name }) : entry.f.signed} {at && <time dateTime={new Date(at).toISOString()}>{whenWord(at)}</time>}</p>
      {fixed && <p>{t(`wall.said.${fixed as 'solved'}`)}</p>}
      {entry.kind === 'appointment' && <p><b>{t(`wall.time.${entry.f.purpose as 'meeting'}`)} {whenWord(entry.f.planned_at)}</b></p>}
      {entry.f.text && <p class="written">{entry.f.text}</p>}
    </>
  );
}

/** Whether the other side sees one's own entry; if not, the way to tell it all the same. */
export function Standing({ entry, room }: { entry: Rec; room: Rec }) {
  const other = room.f.other_name as string;
  const decision = disclosureOf(entry.id);
  if (decision || entry.f.disclosed) {
    return (
      <>
        <Told at={entry.f.disclosed ?? decision!.f.at} text={t('wall.told.own', { other })} />
        {decision && <Decision of={decision} />}
        {decision && <Step record={decision.id} />}
      </>
    );
  }
  if (seenThere(room, entry)) return null;
  const can = writes() && entry.kind !== 'thread_word';
  return (
    <p class="small">
      {t('wall.seen_no', { other })}
      {can && <> <a class="link" href={`/case/${entry.f.case}/disclose/${entry.id}`}>{t('wall.tell.link')}</a></>}
    </p>
  );
}

export const Told = ({ at, text }: { at: number; text: string }) => (
  <p><span class="chip"><Icon name="eye" /><span>{text} <time dateTime={new Date(at).toISOString()}>{whenWord(at)}</time></span></span></p>
);

/** The ground, who decided, and where it stands in the journal: for one's own side alone. */
function Decision({ of: { f } }: { of: Rec }) {
  return (
    <details>
      <summary class="link">{t('wall.told.why')}</summary>
      <dl class="facts">
        <dt>{t('wall.tell.ground')}</dt><dd>{groundText(f.ground)}</dd>
        <dt>{t('wall.told.because')}</dt><dd>{f.ground_text}</dd>
        <dt>{t('wall.tell.decided')}</dt><dd>{f.decider}</dd>
      </dl>
    </details>
  );
}

/** "Det är klart att ingen far illa av det (26 kap. 1 § offentlighets- och sekretesslagen)" */
export function groundText(id: string): string {
  const ground = GROUNDS.find((g) => g.id === id);
  return ground ? `${ground[lang() === 'en' ? 'en' : 'sv']} (${ground.law})` : id;
}

export function Step({ record }: { record: string }) {
  const step = core.stepOf(record).value;
  return step && <StepLine step={step} />;
}

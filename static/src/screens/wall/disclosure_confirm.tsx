// The last step before something is told: what, to whom, on what, and that it cannot
// be undone. The kindest outcome stands first, and none is filled.
import { useEffect, useRef } from 'preact/hooks';
import { core, Icon, me, newId, now, t } from '../desk/env';
import { Sees, Trouble, useCommit } from '../desk/parts';
import { clockOf, dayKey } from '../phone/when';
import { dayText } from './rooms';
import { groundText, Words } from './entry';
import type { Decided } from './disclosure_form';
import type { Rec } from '../../core/api';

export function Confirm({ entry, room, decided, onBack, onLeave }: { entry: Rec; room: Rec; decided: Decided; onBack: () => void; onLeave: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { problem, busy, write } = useCommit();
  const other = room.f.other_name as string;
  const journal = journalText(entry, other, decided);
  useEffect(() => heading.current?.focus(), []);
  const tell = async () => {
    if (busy) return;
    const [note, at] = [newId(), now()];
    const about = { household: entry.f.household, case: entry.f.case };
    const told = await write([
      { kind: 'note', record: note, fields: { ...about, text: journal, at, by: me() } },
      { kind: 'disclosure', record: newId(), fields: { ...about, record: entry.id, ground: decided.ground, ground_text: decided.why, decider: decided.decider, note, at, by: me() } },
    ]);
    if (!told) return;
    await core.draft(`disclose:${entry.id}`).clear();
    onLeave();
  };
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>{t('wall.tell.sure', { other })}</h1>
      <article class="card stack tight"><Words entry={entry} room={room} /></article>
      <section class="card stack" aria-labelledby="journal">
        <h2 id="journal">{t('wall.tell.journal')}</h2>
        <p class="written">{journal}</p>
        <div><button class="link" type="button" onClick={onBack}>{t('wall.tell.change')}</button></div>
      </section>
      <Sees row={entry.kind}>{t('wall.tell.sees', { other })}</Sees>
      <Trouble problem={problem} />
      <div class="decide">
        <button class="btn" type="button" onClick={onLeave}><Icon name="undo" flip /><span>{t('wall.tell.no')}<small>{t('wall.tell.no_means')}</small></span></button>
        <button class="btn" type="button" aria-disabled={busy} onClick={() => void tell()}><Icon name="eye" /><span>{t('wall.tell.yes', { other })}<small>{t('wall.tell.yes_means')}</small></span></button>
      </div>
    </>
  );
}

/** What the journal will say: everything that somebody needs who asks afterwards. */
function journalText(entry: Rec, other: string, d: Decided): string {
  const at = (entry.f.at ?? entry.f.planned_at) as number;
  return t('wall.tell.journal_text', { other, what: t(`wall.tell.what.${entry.kind as 'message'}`), when: `${dayText(dayKey(at))} ${clockOf(at)}`, ground: groundText(d.ground), why: /[.?!]$/.test(d.why) ? d.why : `${d.why}.`, decider: d.decider });
}

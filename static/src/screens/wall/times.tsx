// Times that both organisations have to do with, as they stand, and the way to propose one.
import { core, Icon, t } from '../desk/env';
import { whenWord, writes } from '../desk/words';
import { pairsOf, standOf, timeOf, type Pair } from '../../ui/joint';
import type { Rec } from '../../core/api';

/** All joint times of one room: one's own, and what the other side shows. */
export const timesOf = (room: Rec): Pair[] =>
  pairsOf(core.list('appointment').value.filter((a) => (a.room ? a.room.slice(0, a.room.lastIndexOf('.')) === room.f.room : a.f.case === room.f.case && a.f.shared_with === room.f.other_org)));

export function Times({ room }: { room: Rec }) {
  const pairs = timesOf(room);
  return (
    <section class="stack" aria-labelledby={`times-${room.id}`}>
      <h2 id={`times-${room.id}`}>{t('wall.time.list')}</h2>
      {pairs.length === 0 ? <p class="soft">{t('wall.time.none')}</p> : (
        <ul class="card is-flush rows">
          {pairs.map((pair) => (
            <li key={pair.id}>
              <a class="row" href={`/case/${room.f.case}/time/${pair.id}`}>
                <Icon name={iconOf(pair)} />
                <span><b>{nameOf(pair)} {whenWord(timeOf(pair))}</b><span class="soft sub">{standText(pair, room)}</span></span>
                <Icon name="right" flip />
              </a>
            </li>
          ))}
        </ul>
      )}
      {writes() && <div><a class="btn" href={`/case/${room.f.case}/propose/${room.id}`}><Icon name="plus" small />{t('wall.time.propose')}</a></div>}
    </section>
  );
}

const iconOf = (pair: Pair) => ({ agreed: 'check', differ: 'split', called_off: 'x', cancelled: 'x', declined: 'x', turned_down: 'x' })[standOf(pair) as 'agreed'] ?? 'calendar';

export const nameOf = (pair: Pair): string => t(`wall.time.${(pair.own ?? pair.theirs)!.f.purpose as 'meeting'}`);

/** How it stands between the two, in one sentence. */
export const standText = (pair: Pair, room: Rec): string =>
  t(`wall.time.is.${standOf(pair)}`, { other: room.f.other_name, when: whenWord(timeOf(pair)), theirs: pair.theirs ? whenWord(pair.theirs.f.planned_at) : '' });

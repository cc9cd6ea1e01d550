// The day per person who goes: what is planned, what has happened, as it happens.
import { core, Icon, n, t } from './env';
import { Clock } from './parts';
import { conflictOn, contactsOn, fileOf } from './files';
import { becauseText } from './history';
import { contactWord, dayWord } from './words';
import { nameOf } from '../phone/contacts';
import { isCall, outcomeOf, outcomeText } from '../phone/outcomes';
import type { Rec } from '../../core/api';

export function DayBoard({ day }: { day: string }) {
  const contacts = contactsOn(day);
  const at = new Date(`${day}T12:00`).getTime();
  const title = t('desk.board.title', { day: Number.isNaN(at) ? '' : dayWord(at).toLocaleLowerCase() });
  const lanes = new Map<string, Rec[]>();
  for (const c of contacts) for (const p of goersOf(c)) lanes.set(p, [...(lanes.get(p) ?? []), c]);
  return (
    <section class="stack" aria-labelledby="board">
      <h2 id="board">{title}</h2>
      {contacts.length === 0 ? <p class="soft">{t('desk.board.empty')}</p> : (
        <div class="versions">
          {[...lanes].sort(([a], [b]) => nameOf(a).localeCompare(nameOf(b), 'sv')).map(([person, list]) => <Lane key={person} person={person} contacts={list} />)}
        </div>
      )}
    </section>
  );
}

/** Those who were to go, and whoever answered. */
function goersOf(c: Rec): string[] {
  const by = outcomeOf(c)?.by;
  const people = (c.f.people ?? []) as string[];
  return people.length > 0 ? people : by ? [by] : [];
}

function Lane({ person, contacts }: { person: string; contacts: Rec[] }) {
  const done = contacts.filter((c) => outcomeOf(c)).length;
  const real = contacts.filter((c) => !c.f.cancelled || outcomeOf(c)).length;
  return (
    <section class="stack tight" aria-label={nameOf(person)}>
      <div class="head"><h3>{nameOf(person)}</h3>{real > 0 && <p class="small soft">{n('desk.board.done', real, { done })}</p>}</div>
      <ul class="card is-flush rows">{contacts.map((c) => <li key={c.id}><BoardRow contact={c} /></li>)}</ul>
    </section>
  );
}

function BoardRow({ contact: c }: { contact: Rec }) {
  const kase = core.get('case', c.f.case);
  const file = kase && fileOf(kase);
  const outcome = outcomeOf(c);
  const conflict = conflictOn(c.id);
  const name = !file || file.hidden ? t('desk.hidden') : file.place;
  const gone = c.f.cancelled && !outcome;
  return (
    <a class="row" href={conflict ? `/conflict/${conflict.id}` : `/case/${c.f.case}`}>
      <Clock at={c.f.planned_at ?? outcome?.at ?? 0} />
      <span>
        <b>{gone ? <s>{name}</s> : name}</b>
        <span class="soft sub">{outcome ? outcomeText(outcome, isCall(c)) : gone ? becauseText(c.f.cancelled) : [contactWord(c), file && !file.hidden ? file.names : ''].filter(Boolean).join(', ')}</span>
        {conflict && <span class="chip is-soon"><Icon name="split" />{t('desk.log.two_answers')}</span>}
      </span>
      {outcome ? <Icon name="check" accent /> : gone ? <Icon name="x" /> : <Icon name="right" flip />}
    </a>
  );
}

// What two organisations share about one case, as this side sees it.
import { core, lang, session, t } from '../desk/env';
import { grouped, ofCase, peopleOf } from '../desk/files';
import { isSocial, peopleHere, personName } from '../desk/words';
import { list } from '../phone/contacts';
import type { Rec } from '../../core/api';

/** What can be shared: the word, and the kind of record that says it. */
export interface Saying { about: string; kind: 'message' | 'thread_message' | 'thread_word'; fixed: boolean }

const saying = (kind: Saying['kind'], fixed: boolean, ...abouts: string[]): Saying[] => abouts.map((about) => ({ about, kind, fixed }));

/** What one's own organisation can say, as things stand in the room. */
export function sayings(room: Rec): Saying[] {
  const words = room.f.notice ? saying('thread_word', true, ...(isSocial() ? ['received', 'still_open'] : ['solved'])) : [];
  const money = saying('thread_message', false, 'debt', 'payment', 'time');
  const free = isSocial() ? [...saying('message', true, 'in_contact'), ...saying('message', false, 'message', 'plan')] : saying('message', false, 'message', 'plan');
  return [...words, ...free, ...money];
}

/** Whether what is said goes over to the other side as things stand. */
export function goesOver(room: Rec, kind: string, concerns: string[]): boolean {
  if (kind === 'thread_word') return room.f.notice === true;
  const times = kind === 'thread_message' || kind === 'appointment';
  if (times && afterNotice(room)) return true;
  if (room.f.state !== 'open') return false;
  if (!isSocial()) return true;
  const adults = peopleOf(room.f.household).filter((p) => p.f.position !== 'child').map((p) => p.id);
  const whom = concerns.length > 0 ? concerns : adults;
  return whom.length > 0 && whom.every((p) => ((room.f.covered ?? []) as string[]).includes(p));
}

/** Whether one's own debt and times go over in a notice's thread without consent: one's own
 *  organisation decided so, and the landlord's method uses it. */
const afterNotice = (room: Rec): boolean =>
  room.f.notice === true && core.get('secrecy', 'secrecy')?.f.how === 'after_notice' && !((room.f.closed_words ?? []) as string[]).includes('after-notice');

/** Whether the other side sees an entry of one's own now: through the room, or because it was told for itself. */
export const seenThere = (room: Rec, entry: Rec): boolean =>
  Boolean(entry.f.disclosed ?? disclosureOf(entry.id)) || goesOver(room, entry.kind, (entry.f.concerns ?? []) as string[]);

/** Who sees what is shared, by name where the name is ours to say, then who does not, as things stand now. */
export function sharedSees(room: Rec, kind: string, concerns: string[]): string {
  const { other_name: other, state, since, until, notice } = room.f;
  const people = peopleHere(core.get('case', room.f.case)?.f.unit);
  const visitors = t(kind === 'appointment' ? 'wall.sees.visitors' : 'wall.sees.no_visitors');
  if (!goesOver(room, kind, concerns)) return t('wall.sees.not_yet', { people, other });
  if (kind === 'thread_word') return `${t('wall.sees.word', { people, other })} ${visitors}`;
  const covered = state === 'open' && goesOver(room, 'message', concerns);
  if (!covered) return `${t('wall.sees.after_notice', { people, other })} ${notice && kind === 'appointment' ? `${t('wall.sees.not_text', { other })} ` : ''}${visitors}`;
  return `${t(until ? 'wall.sees.until' : 'wall.sees.consent', { people, other, since: dayText(since), ...(until && { until: dayText(until) }) } as Record<string, string>)} ${visitors}`;
}

/** The decision to tell an entry without consent, where one may see it; also one that is on its way. */
export const disclosureOf = (entry: string): Rec | undefined => grouped('disclosure', 'record').get(entry)?.[0];

/** What was said from both sides, the newest first. */
export function thread(room: Rec): Rec[] {
  const all = (['message', 'thread_message', 'thread_word'] as const).flatMap((kind) => core.list(kind).value);
  const of = (r: Rec) => (r.room ? r.room.slice(0, r.room.lastIndexOf('.')) === room.f.room : r.f.case === room.f.case && r.f.shared_with === room.f.other_org);
  return all.filter(of).sort((a, b) => b.f.at - a.f.at);
}

export const roomsOf = (kase: string): Rec[] => ofCase('room', kase);

/** How it stands, in one sentence. */
export function roomSentence(room: Rec): string {
  const { other_name: other, state, since, until, notice } = room.f;
  if (state === 'open') return t(until ? 'wall.open_until' : 'wall.open', { other, since: dayText(since), ...(until && { until: dayText(until) }) } as Record<string, string>);
  if (notice) return t(afterNotice(room) ? 'wall.after_notice' : 'wall.notice', { other });
  return t('wall.closed', { other });
}

/** Whose consent is in force, by name; only social services know. */
export const coveredNames = (room: Rec): string =>
  list(peopleOf(room.f.household).filter((p) => ((room.f.covered ?? []) as string[]).includes(p.id)).map(personName));

/** Name and title of who writes, for those who cannot look it up. */
export function signed(): string {
  const { name, title } = session().person as { name: string; title?: string };
  return title ? `${name}, ${title.toLocaleLowerCase()}` : name;
}

export const dayText = (day: string): string =>
  new Intl.DateTimeFormat(lang() === 'sv' ? 'sv-SE' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(`${day}T12:00`));

// The shared parts of all screens, and what a screen needs of the core.
import { core } from '../core/current';
import type { Session } from '../core/api';

export { core } from '../core/current';
export { Problem } from '../core/api';
export type { Change, Core, Draft, Item, Rec, Session, Step, SyncState } from '../core/api';
export { has, lang, n, number, pieces, t } from '../text';
export { Icon } from './icon';
export { clock, dayName, daysBetween, fullDay, longDay, moment, money, now, shortDay, Time } from './time';
export { Banner, Chip, Chips, Empty, Face, Ghost, initials, Row, Rows, WhoSees } from './parts';
export { Field, Pick, TextField, Tick } from './form';
export { Sheet } from './sheet';
export { problemText, reasonText, StepLine, SyncBadge } from './sync';
export { Bar, Crumb, DeskPage, Heading, Link, Nav, Screen, SideNav, timesForMe, TopBar, useTitle, waitingForMe } from './screen';
export { Gone } from './error';
export { back, currentPath, go } from './router';
export type { ScreenProps } from './router';

/** Who is signed in. Screens behind the sign-in may rely on it. Reactive. */
export function session(): Session {
  const s = core.session.value;
  if (!s) throw new Error('nobody is signed in');
  return s;
}

/** My person id. Reactive. */
export const me = (): string => session().person.id;

/** A random id for a new record. */
export const newId = (): string => crypto.randomUUID();

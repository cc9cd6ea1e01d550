// What the desk screens take from the core and the shared parts.
export { core, go, Gone, Icon, lang, me, money, n, newId, now, number, session, SyncBadge, t, Crumb, DeskPage, StepLine, WhoSees } from '../../ui';

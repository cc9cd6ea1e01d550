// What the desk screens take from the core and the shared parts.
export { core, currentPath, go, Gone, Icon, lang, me, money, n, newId, now, number, session, SyncBadge, t, Crumb, Bar, DeskPage, StepLine, Field, TextField, pieces } from '../../ui';

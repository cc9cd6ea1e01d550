// Every path of the app and the screen behind it. Screens come in areas, fetched
// with their texts when the first of them is needed; the service worker has them
// all offline.
import type { ComponentType } from 'preact';
import type { Area } from './text';
import type { Route, ScreenProps } from './ui/router';

/** A path whose screen is one of an area's. */
function route<M extends object>(path: string, areas: Area[], load: () => Promise<M>, screen: (m: M) => ComponentType<ScreenProps>): Route {
  return { path, areas, load: async () => ({ default: screen(await load()) }) };
}

const phone = () => import('./areas/phone');
const desk = () => import('./areas/desk');
const oneCase = () => import('./areas/case');
const planning = () => import('./areas/planning');
const wall = () => import('./areas/wall');
const consent = () => import('./screens/consent');
const keep = () => import('./areas/keep');
const own = () => import('./areas/own');
const account = () => import('./areas/account');

export const routes: Route[] = [
  route('/', ['phone'], phone, (m) => m.Today),
  route('/visit/:id', ['phone', 'visit'], phone, (m) => m.Visit),
  route('/visit/:id/nobody-home', ['phone', 'visit'], phone, (m) => m.NobodyHome),
  route('/visit/:id/acute', ['phone', 'visit'], phone, (m) => m.Acute),
  route('/visit/:id/consent', ['phone', 'visit', 'consent'], consent, (m) => m.default),
  route('/visit/:id/consent/own', ['phone', 'visit', 'consent'], consent, (m) => m.Own),
  route('/visit/:id/withdraw', ['phone', 'visit', 'consent'], consent, (m) => m.AtVisit),
  route('/case/:id/withdraw', ['phone', 'visit', 'consent'], consent, (m) => m.OfCase),
  route('/handed/:id', ['phone', 'visit', 'consent'], consent, (m) => m.Handed),
  route('/acute', ['phone', 'visit'], phone, (m) => m.Acute),
  route('/call/:caseId', ['phone', 'visit'], phone, (m) => m.Call),
  route('/unplanned', ['phone', 'visit'], phone, (m) => m.Unplanned),
  route('/inbox', ['phone', 'inbox'], phone, (m) => m.Inbox),
  route('/found', ['phone', 'wall'], wall, (m) => m.Found),
  route('/conflict/:id', ['phone', 'inbox'], () => import('./screens/conflict'), (m) => m.default),
  route('/cases', ['phone', 'desk'], desk, (m) => m.Cases),
  route('/case/:id', ['phone', 'desk', 'case'], oneCase, (m) => m.Case),
  route('/case/:id/shared', ['phone', 'desk', 'wall'], wall, (m) => m.Shared),
  route('/case/:id/disclose/:record', ['phone', 'desk', 'wall'], wall, (m) => m.Disclose),
  route('/case/:id/propose/:room', ['phone', 'desk', 'wall'], wall, (m) => m.Propose),
  route('/case/:id/time/:time', ['phone', 'desk', 'wall', 'case'], wall, (m) => m.Joint),
  route('/received/:id', ['phone', 'desk', 'wall'], wall, (m) => m.Received),
  route('/import', ['phone', 'desk', 'import', 'planning'], planning, (m) => m.Import),
  route('/monthly', ['phone', 'desk', 'planning'], planning, (m) => m.Monthly),
  route('/plan', ['phone', 'desk', 'planning'], planning, (m) => m.Plan),
  route('/notice/new', ['phone', 'desk', 'planning', 'consent', 'case'], planning, (m) => m.NoticeNew),
  route('/tray', ['app', 'phone', 'refused'], own, (m) => m.Tray),
  route('/more', ['app'], own, (m) => m.More),
  route('/devices', ['app', 'account'], account, (m) => m.Devices),
  route('/people', ['app', 'account'], account, (m) => m.People),
  route('/recovery', ['app', 'account'], account, (m) => m.Recovery),
  route('/ways', ['app', 'account', 'gate'], account, (m) => m.Ways),
  route('/why/:table', ['app'], own, (m) => m.Why),
  route('/why/:table/:row', ['app'], own, (m) => m.Why),
  route('/organisation', ['phone', 'desk', 'organisation'], wall, (m) => m.Organisation),
  route('/organisation/language/:code', ['phone', 'desk', 'organisation'], wall, (m) => m.Language),
  route('/rescue', ['keep'], keep, (m) => m.Rescue),
  route('/limits', ['keep'], keep, (m) => m.PhoneLimits),
  route('/log', ['keep'], keep, (m) => m.Log),
  route('/log/:root', ['keep'], keep, (m) => m.Log),
  route('/protected/:root', ['phone', 'desk', 'consent', 'protected'], () => import('./areas/protected'), (m) => m.Protected),
  route('/extract/:root', ['keep', 'protected'], keep, (m) => m.Extract),
  route('/search', ['keep'], keep, (m) => m.Search),
  route('/erasure', ['keep'], keep, (m) => m.Erasure),
  route('/in', ['app', 'gate'], () => import('./areas/gate'), (m) => m.SignIn),
];

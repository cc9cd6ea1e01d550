// Every path of the app and the screen behind it. Screens and their texts are
// fetched when they are first needed; the service worker has them all offline.
import type { Route } from './ui/router';

export const routes: Route[] = [
  { path: '/', areas: ['phone'], load: () => import('./screens/today') },
  { path: '/visit/:id', areas: ['phone'], load: () => import('./screens/visit') },
  { path: '/visit/:id/nobody-home', areas: ['phone'], load: () => import('./screens/nobody_home') },
  { path: '/visit/:id/acute', areas: ['phone'], load: () => import('./screens/acute') },
  { path: '/visit/:id/consent', areas: ['phone', 'consent'], load: () => import('./screens/consent') },
  { path: '/acute', areas: ['phone'], load: () => import('./screens/acute') },
  { path: '/call/:caseId', areas: ['phone'], load: () => import('./screens/call') },
  { path: '/unplanned', areas: ['phone'], load: () => import('./screens/unplanned') },
  { path: '/inbox', areas: ['phone'], load: () => import('./screens/inbox') },
  { path: '/conflict/:id', areas: ['phone'], load: () => import('./screens/conflict') },
  { path: '/cases', areas: ['desk', 'phone'], load: () => import('./screens/cases') },
  { path: '/case/:id', areas: ['desk', 'phone'], load: () => import('./screens/case') },
  { path: '/import', areas: ['desk', 'phone'], load: () => import('./screens/import') },
  { path: '/plan', areas: ['desk', 'phone'], load: () => import('./screens/plan') },
  { path: '/notice/new', areas: ['desk', 'phone', 'consent'], load: () => import('./screens/notice_new') },
  { path: '/tray', areas: ['app'], load: () => import('./screens/tray') },
  { path: '/more', areas: ['app'], load: () => import('./screens/more') },
  { path: '/why/:table', areas: ['app'], load: () => import('./screens/why') },
  { path: '/in', areas: ['app'], load: () => import('./screens/in') },
];

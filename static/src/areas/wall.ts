// What is opened now and then: what lies between two organisations, what came in too late, settings.
export { default as Disclose } from '../screens/disclose';
export { default as Found } from '../screens/found';
export { default as Joint } from '../screens/wall/joint';
export { default as Propose } from '../screens/wall/propose';
export { default as Received } from '../screens/received';
export { default as Shared } from '../screens/shared';
export { default as Language } from '../screens/organisation/language';
export { default as Organisation } from '../screens/organisation/overview';

// The screens of a day of visits: fetched together, because they share most of what they are.
export { default as Acute } from '../screens/acute';
export { default as Call } from '../screens/call';
export { default as Inbox } from '../screens/inbox';
export { default as NobodyHome } from '../screens/nobody_home';
export { default as Today } from '../screens/today';
export { default as Unplanned } from '../screens/unplanned';
export { default as Visit } from '../screens/visit';

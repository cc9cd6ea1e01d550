// What keeps the organisation's work: opened by managers and administrators now and then.
export { default as Erasure } from '../screens/keep/erasure';
export { default as Extract } from '../screens/keep/extract';
export { default as Log } from '../screens/keep/log';
export { default as PhoneLimits } from '../screens/keep/phone_limits';
export { default as Rescue } from '../screens/keep/rescue';
export { default as Search } from '../screens/keep/search';

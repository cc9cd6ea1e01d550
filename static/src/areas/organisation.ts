// The settings of the organisation: opened by those who answer for it, now and then.
export { default as Organisation } from '../screens/organisation/overview';
export { default as Language } from '../screens/organisation/language';

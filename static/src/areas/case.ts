// One case, with all that is known of it: opened from a list, so that the list comes first.
export { default as Case } from '../screens/case';

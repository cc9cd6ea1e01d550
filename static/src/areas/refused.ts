// What the server turned down or holds: why, and what one can do.
export { NotSaved } from '../screens/refused/not_saved';
export { Left } from '../screens/refused/left';

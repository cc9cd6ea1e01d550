// The lock, the first screen of most starts: small, and fetched at once.
export { default as Lock } from '../screens/gate/lock';

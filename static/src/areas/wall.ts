// What lies between two organisations: what is shared, and what has come in.
export { default as Received } from '../screens/received';
export { default as Shared } from '../screens/shared';

// What is opened now and then: what lies between two organisations, and what came in too late.
export { default as Found } from '../screens/found';
export { default as Received } from '../screens/received';
export { default as Shared } from '../screens/shared';

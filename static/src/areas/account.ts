// Accounts: phones and computers, ways to unlock, who works here, letting somebody in anew.
export { default as Devices } from '../screens/devices';
export { default as Ways } from '../screens/ways';
export { default as People } from '../screens/people';
export { default as Recovery } from '../screens/recovery';

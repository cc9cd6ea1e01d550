// One's account: phones and computers, ways to unlock, letting somebody in anew.
export { default as Devices } from '../screens/devices';
export { default as Ways } from '../screens/ways';
export { default as Recovery } from '../screens/recovery';

// One's account: phones and computers, ways to unlock.
export { default as Devices } from '../screens/devices';
export { default as Ways } from '../screens/ways';

// One's account: phones and computers.
export { default as Devices } from '../screens/devices';

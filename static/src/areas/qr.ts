// A square to scan, for the one screen of its area that shows one.
export { Qr } from '../screens/phone/qr';

// The screens that everybody has: more, the tray, and "why?".
export { default as More } from '../screens/more';
export { default as Tray } from '../screens/tray';
export { default as Why } from '../screens/why';

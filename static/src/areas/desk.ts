// The screen that a desk opens first.
export { default as Cases } from '../screens/cases';

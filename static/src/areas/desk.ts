// The screens that a desk opens first.
export { default as Case } from '../screens/case';
export { default as Cases } from '../screens/cases';

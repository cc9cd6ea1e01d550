// The screens of the desk.
export { default as Case } from '../screens/case';
export { default as Cases } from '../screens/cases';
export { default as Import } from '../screens/import';
export { default as NoticeNew } from '../screens/notice_new';
export { default as Plan } from '../screens/plan';

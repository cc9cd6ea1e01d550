// The screens of the desk that are opened now and then.
export { default as Import } from '../screens/import';
export { default as Monthly } from '../screens/monthly';
export { default as NoticeNew } from '../screens/notice_new';
export { default as Plan } from '../screens/plan';

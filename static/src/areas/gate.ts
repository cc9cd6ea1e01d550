// The screens before the vault is open: sign in, choose a lock, unlock.
export { default as Lock } from '../screens/gate/lock';
export { default as SignIn } from '../screens/gate/in';

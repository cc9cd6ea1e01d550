// The screens before there is a vault: sign in, choose a lock.
export { default as SignIn } from '../screens/gate/in';

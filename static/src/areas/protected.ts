// Protected details, fetched with a reason: seldom opened, and kept nowhere.
export { default as Protected } from '../screens/protected';

// Who decides what here. access.md has the last word; this says which buttons to show.
import { session } from '../desk/env';

const managers = ['landlord_manager', 'social_manager'];

/** Managers and administrators decide for the organisation. */
export const decides = (): boolean => [...managers, 'administrator'].includes(session().person.role);
/** Whoever answers for what is said to tenants stands for a translation. */
export const reviews = (): boolean => session().person.role === 'social_manager';

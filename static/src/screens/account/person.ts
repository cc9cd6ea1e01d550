// Those who work here as the server tells of them.
import { has, t } from '../../ui';

export interface Person {
  id: string;
  name: string;
  title: string;
  phone: string;
  role: string;
  units: string[];
  active: boolean;
  came: boolean; // has had a lock on a phone here
  invited?: number; // ms: until when an unused invitation is good
  provider: boolean; // role and units follow the organisation's own sign-in
}

export interface People {
  people: Person[];
  roles: string[];
  units: { id: string; name: string }[];
}

/** What lets somebody in, once. */
export interface Login {
  person: string;
  link: string; // after the # of /in
  code: string;
  expires: number; // ms
}

/** What is said of somebody. */
export type Said = Pick<Person, 'name' | 'title' | 'phone' | 'role' | 'units'>;

export const roleName = (role: string): string => (has(`role.${role}`) ? t(`role.${role}` as 'role.caretaker') : role);

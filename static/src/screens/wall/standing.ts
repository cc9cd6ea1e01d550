// How a consent stands, as the server has worked it out.
import { core } from '../desk/env';
import { grouped } from '../desk/files';
import type { Rec } from '../../core/api';

export interface Standing { giving: string; signature?: string; person?: string; state: string; reasons?: string[]; by?: string }

export const standingsOf = (giving: string): Standing[] => (grouped('consent_state', 'giving').get(giving)?.[0]?.f.standings ?? []) as Standing[];

/** The latest link of a giving or notice; the server's order is not told, so the newest this device has. */
export function linkOf(of: string): Rec | undefined {
  const links = (grouped('case_link', 'of').get(of) ?? []).sort((a, b) => b.f.at - a.f.at);
  const judged = grouped('consent_state', 'giving').get(of)?.[0]?.f.case;
  return judged ? links.find((l) => l.f.case === judged) ?? links[0] : links[0];
}

export const caseOf = (of: string): Rec | undefined => {
  const id = linkOf(of)?.f.case;
  return id ? core.get('case', id) : undefined;
};

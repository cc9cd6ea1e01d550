import { core, newId } from '../../ui';

/** The case's opaque name, the same in each consent and notice about it: as the server
 *  tells it, or as something on this phone has called it. Two cases of one household have
 *  two: what is withdrawn in one does not close the other. */
export const handleOf = (kase: string): string =>
  core.get('case', kase)?.f.handles?.[0] ?? [...core.list('consent_mark').value, ...core.list('notice_sent').value].find((r) => r.f.case === kase && r.f.handle)?.f.handle ?? newId();

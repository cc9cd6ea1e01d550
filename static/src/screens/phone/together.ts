// A visit that is made together with the other organisation, as its visitor reads it.
import { core, moment, t } from '../../ui';
import type { Rec } from '../../core/api';

/** What the visitor has to know of a visit that is made together with the other
 *  organisation, as far as it is seen here; `soon` when the two do not say the same. */
export function jointText(contact: Rec): { text: string; soon: boolean } | null {
  const id = contact.f.appointment as string | undefined;
  const said = id ? core.list('appointment').value.filter((a) => a.id === id || a.f.answers === id) : [];
  const [own, theirs] = [said.find((a) => !a.room), said.find((a) => a.room)];
  const other = core.list('room').value.find((r) => r.f.case === contact.f.case && r.f.other_org === (theirs?.org ?? own?.f.shared_with))?.f.other_name as string | undefined;
  const open = own?.f.state === 'proposed' || own?.f.state === 'agreed';
  if (!other || !open) return null; // what lies open here, and for whom, is all that is known
  if (!theirs) return own.f.answers ? null : { text: t('phone.joint.asked', { other }), soon: false };
  if (theirs.f.state === 'cancelled') return { text: t('phone.joint.off', { other }), soon: true };
  if (theirs.f.state === 'declined') return null;
  const differ = theirs.f.planned_at !== contact.f.planned_at;
  return { text: t(differ ? 'phone.joint.differ' : 'phone.joint.with', { other, when: moment(theirs.f.planned_at) }), soon: differ };
}

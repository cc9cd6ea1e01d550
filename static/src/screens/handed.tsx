// The consent on a phone that was handed over. Whoever comes here otherwise, by the
// address or after unlocking, goes on to the visit: what was filled in is kept there.
import { useEffect } from 'preact/hooks';
import { core, go, type ScreenProps } from '../ui';
import { Flow } from './phone/consent_flow';
import { visitOf } from './phone/contacts';

export default function Handed({ params: { id } }: ScreenProps) {
  const handed = core.gate.value.at === 'handed';
  useEffect(() => {
    if (!handed) go(`/visit/${id}`, { replace: true });
  }, [handed]);
  const contact = core.get('contact', id);
  return handed && contact ? <Flow visit={visitOf(contact)} handed /> : null;
}

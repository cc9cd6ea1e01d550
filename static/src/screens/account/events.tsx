// What others did about one's own account: nobody is let in anew, and no phone is
// blocked, without its person being told.
import { useEffect, useState } from 'preact/hooks';
import { core, has, Icon, Row, Rows, t, Time } from '../../ui';

interface Event {
  at: number; // ms
  by: string; // name; "" for one's own phone
  action: string;
}

export function Events() {
  const [events, setEvents] = useState<Event[]>([]);
  useEffect(() => {
    core.fetchJSON<Event[]>('/api/account/events').then(setEvents, () => undefined); // without a network the list above says so
  }, []);
  if (events.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t('account.events')}</h2>
      <Rows>{events.map((e) => <Row key={`${e.at} ${e.action}`} lead={<Icon name="info" />} title={textOf(e)} end={<></>}><Time at={e.at} /></Row>)}</Rows>
    </section>
  );
}

function textOf({ action, by }: Event): string {
  const key = `account.${action}`;
  return has(key) ? t(key, { name: by || t('account.phone') }) : action;
}

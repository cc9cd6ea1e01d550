// Phones and computers: one's own, and colleagues' for those who see to them. A lost
// one is blocked at once, and can be wiped at its next contact.
import { useEffect, useState } from 'preact/hooks';
import { Banner, Chip, core, Crumb, Ghost, Icon, n, number, problemText, Row, Rows, Screen, t, TextField, Time } from '../ui';
import { Events } from './account/events';
import { Elsewhere } from './account/elsewhere';
import { DeviceSheet } from './account/device_sheet';
import type { Device, Devices } from './account/device';

export default function DevicesScreen() {
  const [all, setAll] = useState<Devices | null>(null);
  const [wrong, setWrong] = useState('');
  const [loads, setLoads] = useState(0); // what happened is asked for anew with the list
  const [open, setOpen] = useState<{ person: string; name: string; id: string } | null>(null);
  const load = () => core.fetchJSON<Devices>('/api/devices').then((d) => { setAll(d); setWrong(''); setLoads((n) => n + 1); }, (e) => setWrong(problemText(e)));
  useEffect(() => void load(), []);
  const mine = core.session.value!.person;
  const opened = open && (open.person === mine.id ? all?.own : all?.people?.find((p) => p.id === open.person)?.devices)?.find((d) => d.id === open.id);
  return (
    <Screen title={t('devices.title')} top={<Crumb to="/more">{t('more.title')}</Crumb>}>
      <section class="stack">
        <h1>{t('devices.title')}</h1>
        <p>{t('devices.intro')}</p>
        {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
        {!all && !wrong && <Ghost />}
      </section>
      {all && (
        <section class="stack">
          <h2>{t('devices.own')}</h2>
          <Rows>{all.own.map((d) => <DeviceRow key={d.id} device={d} title={nameOf(d)} onClick={() => setOpen({ person: mine.id, name: mine.name, id: d.id })} />)}</Rows>
          <Elsewhere ended={load} />
        </section>
      )}
      {all && <Events key={loads} />}
      {all?.people && <Colleagues people={all.people} open={(person, name, id) => setOpen({ person, name, id })} />}
      {open && opened && <DeviceSheet device={opened} owner={open} may={all!.people !== null && open.person !== mine.id} changed={load} onClose={() => setOpen(null)} />}
    </Screen>
  );
}

const nameOf = (d: Device): string => (d.here ? t('devices.here', { name: d.name }) : d.name);

const most = 60; // rows before one has to search

function Colleagues({ people, open }: { people: NonNullable<Devices['people']>; open: (person: string, name: string, id: string) => void }) {
  const [query, setQuery] = useState('');
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = people.filter((p) => words.every((w) => p.name.toLocaleLowerCase().includes(w)));
  const rows = found.flatMap((p) => p.devices.map((d) => ({ p, d }))).sort((a, b) => rank(a.d) - rank(b.d) || a.p.name.localeCompare(b.p.name, 'sv'));
  return (
    <section class="stack">
      <h2>{t('devices.colleagues')}</h2>
      <TextField label={t('devices.search')} value={query} onText={setQuery} input={{ type: 'search' }} />
      {rows.length === 0 ? <p>{t('devices.none')}</p> : (
        <Rows>{rows.slice(0, most).map(({ p, d }) => <DeviceRow key={`${p.id} ${d.id}`} device={d} title={p.name} named onClick={() => open(p.id, p.name, d.id)} />)}</Rows>
      )}
      {rows.length > most && <p class="small">{t('devices.more', { n: number(rows.length - most) })}</p>}
    </section>
  );
}

/** What waits for something comes first. */
const rank = (d: Device): number => ({ wipe: 0, wipe_all: 0, blocked: 1, active: 2, wiped: 3 })[d.state];

function DeviceRow({ device: d, title, named, onClick }: { device: Device; title: string; named?: boolean; onClick: () => void }) {
  return (
    <Row lead={<Icon name="mobile" />} title={title} onClick={onClick}>
      {named && <>{d.name}<br /></>}
      {t('devices.seen')} <Time at={d.seen} />{d.unsent > 0 && <> · {n('devices.unsent', d.unsent)}</>}
      {d.rollback && <><br /><Chip icon="alert" soon>{t('devices.put_back')}</Chip></>}
      {d.state !== 'active' && <><br /><Chip icon="lock">{t(`devices.state_${d.state}`)}</Chip></>}
    </Row>
  );
}

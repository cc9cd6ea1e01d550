// Who works here: invite somebody, see who has come, change what they do, end the
// account of whoever leaves. For those whom access.md lets see to people.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner, Chip, core, Crumb, Empty, Ghost, Icon, moment, n, now, number, problemText, Row, Rows, Screen, session, Sheet, t, TextField } from '../ui';
import { giveUp, isBegun, PersonForm } from './account/person_form';
import { Invitation } from './account/invitation';
import { PersonSheet } from './account/person_sheet';
import { roleName, type Login, type People, type Person } from './account/person';

export default function PeopleScreen() {
  const [all, setAll] = useState<People | null>(null);
  const [wrong, setWrong] = useState('');
  const [open, setOpen] = useState('');
  const [adding, setAdding] = useState(isBegun);
  const [given, setGiven] = useState<{ name: string; login: Login } | null>(null);
  const [said, setSaid] = useState('');
  const invite = useRef<HTMLButtonElement>(null);
  const load = () => core.fetchJSON<People>('/api/people').then((p) => { setAll(p); setWrong(''); return p; }, (e) => void setWrong(problemText(e)));
  useEffect(() => void load().then((p) => setOpen(p?.people.find((each) => isBegun(each.id))?.id ?? '')), []); // what was begun stands open again
  const hide = () => {
    setGiven(null);
    requestAnimationFrame(() => invite.current?.focus()); // its own button is gone
  };
  const opened = all?.people.find((p) => p.id === open);
  const invited = (name: string, login: Login) => {
    setAdding(false);
    setOpen('');
    setGiven({ name, login });
    void load();
  };
  const add = () => {
    setGiven(null);
    setSaid('');
    setAdding(true);
  };
  return (
    <Screen title={t('people.title')} top={<Crumb to="/more">{t('more.title')}</Crumb>}>
      <section class="stack">
        <h1>{t('people.title')}</h1>
        <p>{t('people.intro')}</p>
        {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
        {said && <Banner icon="check" kind="good" live>{said}</Banner>}
        {given && <Invitation name={given.name} login={given.login} done={hide} />}
        {all && !given && <button class="btn is-primary is-block" type="button" ref={invite} onClick={add}><Icon name="plus" />{t('people.invite')}</button>}
        {!all && !wrong && <Ghost />}
      </section>
      {all && <List people={all.people} open={(id) => { setSaid(''); setOpen(id); }} />}
      {adding && all && (
        <Sheet title={t('people.invite')} onClose={() => { giveUp(); setAdding(false); }}>
          <PersonForm all={all} button={t('people.make')} save={async (p) => invited(p.name, await core.fetchJSON<Login>('/api/people', { body: p }))} />
        </Sheet>
      )}
      {opened && all && (
        <PersonSheet
          person={opened} all={all} onClose={() => setOpen('')} invited={(login) => invited(opened.name, login)}
          changed={async (what) => { setOpen(''); setSaid(what); await load(); }}
        />
      )}
    </Screen>
  );
}

const most = 60; // rows before one has to search

function List({ people, open }: { people: Person[]; open: (id: string) => void }) {
  const [query, setQuery] = useState('');
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = people.filter((p) => words.every((w) => p.name.toLocaleLowerCase().includes(w))).sort((a, b) => a.name.localeCompare(b.name, 'sv'));
  const here = found.filter((p) => p.active);
  const left = found.filter((p) => !p.active);
  return (
    <section class="stack">
      <h2>{n('people.count', people.filter((p) => p.active).length)}</h2>
      {people.length > 8 && <TextField label={t('devices.search')} value={query} onText={setQuery} input={{ type: 'search' }} />}
      {here.length > 0 ? <Rows>{here.slice(0, most).map((p) => <PersonRow key={p.id} person={p} open={open} />)}</Rows> : left.length === 0 && <Empty icon="users" title={t('people.nobody')} />}
      {here.length > most && <p class="small">{t('devices.more', { n: number(here.length - most) })}</p>}
      {left.length > 0 && (
        <details>
          <summary>{n('people.left', left.length)}</summary>
          <Rows>{left.slice(0, most).map((p) => <Row key={p.id} lead={<Icon name="user" />} title={p.name} end={<></>}>{roleName(p.role)}</Row>)}</Rows>
        </details>
      )}
    </section>
  );
}

function PersonRow({ person: p, open }: { person: Person; open: (id: string) => void }) {
  const own = p.id === session().person.id;
  return (
    <Row lead={<Icon name="user" />} title={own ? t('people.you', { name: p.name }) : p.name} onClick={own ? undefined : () => open(p.id)} end={own ? <></> : undefined}>
      {roleName(p.role)}
      {!p.came && !own && <><br />{p.invited && p.invited > now() ? <Chip icon="wait">{t('people.invited', { when: moment(p.invited) })}</Chip> : <Chip icon="alert" soon>{t('people.never')}</Chip>}</>}
    </Row>
  );
}

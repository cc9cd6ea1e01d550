// One who works here: what they do, a new invitation while they have not come, and the
// end of their account, after it was said what they leave.
import { useState } from 'preact/hooks';
import { Banner, core, Icon, moment, n, now, problemText, Sheet, t } from '../../ui';
import { giveUp, isBegun, PersonForm } from './person_form';
import { roleName, type Login, type People, type Person } from './person';

interface Props {
  person: Person;
  all: People;
  invited: (login: Login) => void;
  changed: (what: string) => Promise<void>;
  onClose: () => void;
}

interface Leaves { households: number; keys?: number[] }

export function PersonSheet({ person: p, all, invited, changed, onClose }: Props) {
  const [edit, setEdit] = useState(() => isBegun(p.id));
  const [leaves, setLeaves] = useState<Leaves | null>(null);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const path = `/api/people/${encodeURIComponent(p.id)}`;
  const act = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    await work().catch((e) => setWrong(problemText(e)));
    setBusy(false);
  };
  const end = (anyway: boolean) => act(async () => {
    await core.fetchJSON(`${path}/end`, { body: { anyway } });
    await changed(t('people.ended', { name: p.name }));
  });
  const waits = !!p.invited && p.invited > now();
  if (edit) {
    return (
      <Sheet title={t('people.change_of', { name: p.name })} onClose={() => { giveUp(p.id); onClose(); }}>
        <PersonForm all={all} person={p.id} was={p} button={t('people.save')} save={async (said) => {
          await core.fetchJSON(path, { method: 'PUT', body: said });
          await changed(t('people.changed', { name: said.name }));
        }} />
      </Sheet>
    );
  }
  return (
    <Sheet title={p.name} onClose={onClose}>
      <dl class="facts">
        <dt>{t('people.role')}</dt><dd>{roleName(p.role)}</dd>
        {p.units.length > 0 && <><dt>{t('people.units')}</dt><dd>{p.units.map((id) => all.units.find((u) => u.id === id)?.name ?? id).join(', ')}</dd></>}
        {p.title && <><dt>{t('people.job')}</dt><dd>{p.title}</dd></>}
        {p.phone && <><dt>{t('people.phone')}</dt><dd>{p.phone}</dd></>}
      </dl>
      {!p.came && <p>{waits ? t('people.invited', { when: moment(p.invited!) }) : t('people.never')}</p>}
      {p.provider && <p class="soft">{t('people.provider')}</p>}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      {leaves ? (
        <div class="stack" role="status">
          <p>{t('people.end_what')}</p>
          {leaves.households > 0 && <Banner icon="calendar" kind="soon">{n('people.end_plans', leaves.households)}</Banner>}
          {leaves.keys && <Banner icon="lock" kind="soon">{t('people.end_keys')}</Banner>}
          <div class="decide">
            <button class="btn" type="button" onClick={() => setLeaves(null)}><Icon name="left" />{t('back')}</button>
            <button class="btn" type="button" aria-disabled={busy} onClick={() => void end(!!leaves.keys)}><Icon name="alert" />{t(leaves.keys ? 'people.end_anyway' : 'people.end_yes')}</button>
          </div>
        </div>
      ) : (
        <div class="decide">
          {!p.provider && <button class="btn" type="button" onClick={() => setEdit(true)}><Icon name="pen" />{t('people.change')}</button>}
          {p.came ? <a class="btn" href="/recovery"><Icon name="key" />{t('recovery.title')}</a> : (
            <button class="btn" type="button" aria-disabled={busy} onClick={() => void act(async () => invited(await core.fetchJSON<Login>(`${path}/invite`, { body: {} })))}><Icon name="letter" />{t('people.again')}</button>
          )}
          <button class="btn" type="button" aria-disabled={busy} onClick={() => void act(async () => setLeaves(await core.fetchJSON<Leaves>(`${path}/leaves`)))}><Icon name="x" />{t('people.end')}</button>
        </div>
      )}
      <button class="btn is-block" type="button" onClick={onClose}>{t('devices.close')}</button>
    </Sheet>
  );
}

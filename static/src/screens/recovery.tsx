// Somebody has forgotten their passphrase, or lost all their phones: one person asks
// that they are let in anew, another one agrees and hands the code over.
import { useEffect, useState } from 'preact/hooks';
import { Banner, core, Crumb, Ghost, Icon, problemText, Row, Rows, Screen, t, TextField, Time } from '../ui';
import { useBegun } from '../ui/begun';

interface Waiting {
  id: string;
  person: string; // name
  by: string; // name
  at: number; // ms
  mine: boolean;
  agree: boolean; // I may be the second
}
interface Answer {
  people: { id: string; name: string }[] | null;
  waiting: Waiting[];
}

export default function Recovery() {
  const [all, setAll] = useState<Answer | null>(null);
  const [wrong, setWrong] = useState('');
  const [given, setGiven] = useState<{ name: string; code: string } | null>(null);
  const [said, setSaid] = useState('');
  useBegun(given !== null); // the code is shown once
  const load = () => core.fetchJSON<Answer>('/api/recoveries').then(setAll, (e) => setWrong(problemText(e)));
  useEffect(() => void load(), []);
  const act = async (work: () => Promise<unknown>) => {
    setWrong('');
    setSaid('');
    await work().catch((e) => setWrong(problemText(e)));
    await load();
  };
  const ask = (id: string, name: string) => act(async () => {
    await core.fetchJSON('/api/recoveries', { body: { person: id } });
    setSaid(t('recovery.asked', { name }));
  });
  const agree = (w: Waiting) => act(async () => setGiven({ name: w.person, ...(await core.fetchJSON<{ code: string }>(`/api/recoveries/${w.id}/agree`, { body: {} })) }));
  const drop = (w: Waiting) => act(() => core.fetchJSON(`/api/recoveries/${w.id}`, { method: 'DELETE' }));
  return (
    <Screen title={t('recovery.title')} top={<Crumb to="/more">{t('more.title')}</Crumb>}>
      <section class="stack">
        <h1>{t('recovery.title')}</h1>
        <p>{t('recovery.intro')}</p>
        {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
        {said && <Banner icon="check" live>{said}</Banner>}
        {given && (
          <div class="card stack" role="status">
            <h2>{t('recovery.code', { name: given.name })}</h2>
            <p class="words">{given.code}</p>
            <p>{t('recovery.hand_over')}</p>
          </div>
        )}
        {!all && !wrong && <Ghost />}
      </section>
      {all && (
        <section class="stack">
          <h2>{t('recovery.waiting')}</h2>
          {all.waiting.length === 0 && <p>{t('recovery.none')}</p>}
          {all.waiting.map((w) => <One key={w.id} waiting={w} agree={() => void agree(w)} drop={() => void drop(w)} />)}
        </section>
      )}
      {all?.people && <Ask people={all.people} ask={(id, name) => void ask(id, name)} />}
    </Screen>
  );
}

function One({ waiting: w, agree, drop }: { waiting: Waiting; agree: () => void; drop: () => void }) {
  return (
    <article class="card stack">
      <h3>{w.person}</h3>
      <p>{t('recovery.by', { name: w.by })} <Time at={w.at} />. {t(w.agree ? 'recovery.sure' : 'recovery.second')}</p>
      <div class="pair">
        {w.agree && <button class="btn is-small" type="button" onClick={agree}><Icon name="check" small />{t('recovery.agree')}</button>}
        <button class="btn is-small" type="button" onClick={drop}>{t(w.mine ? 'recovery.take_back' : 'recovery.turn_down')}</button>
      </div>
    </article>
  );
}

const most = 8;

function Ask({ people, ask }: { people: { id: string; name: string }[]; ask: (id: string, name: string) => void }) {
  const [query, setQuery] = useState('');
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? [] : people.filter((p) => words.every((w) => p.name.toLocaleLowerCase().includes(w)));
  return (
    <section class="stack">
      <h2>{t('recovery.ask')}</h2>
      <TextField label={t('recovery.who')} value={query} onText={setQuery} input={{ type: 'search' }} />
      {words.length > 0 && found.length === 0 && <p>{t('recovery.nobody')}</p>}
      {found.length > 0 && <Rows>{found.slice(0, most).map((p) => <Row key={p.id} lead={<Icon name="user" />} title={p.name} onClick={() => { setQuery(''); ask(p.id, p.name); }} />)}</Rows>}
    </section>
  );
}

// Search among all households of the organisation that one may see, carried or not:
// names, addresses and identity numbers. What is searched for is kept nowhere.
import { useState } from 'preact/hooks';
import { core, Empty, Icon, n, session, t, TextField } from '../../ui';
import { Frame, useTry } from './parts';

interface Hit { root: string; kind: string; record: string; fields: Record<string, unknown> }
interface House { root: string; names: string[]; place: string }

/** One row for each household, whatever of it was found. */
function houses(hits: Hit[]): House[] {
  const all = new Map<string, House>();
  for (const { root, kind, fields } of hits) {
    const house = all.get(root) ?? { root, names: [], place: '' };
    if (kind === 'person' && fields.name) house.names.push(String(fields.name));
    if (kind === 'household') house.place = [fields.street, fields.floor, fields.city].filter(Boolean).join(', ');
    all.set(root, house);
  }
  return [...all.values()].map((h) => ({ ...h, place: h.place || placeHere(h.root) }));
}

function placeHere(root: string): string {
  const h = core.get('household', root);
  return h && !h.f.protected ? [h.f.street, h.f.floor].filter(Boolean).join(', ') : '';
}

const caseHere = (root: string) => core.list('case').value.find((c) => c.f.household === root);
const seesLog = () => ['landlord_manager', 'social_manager'].includes(session().person.role);

export default function Search() {
  const [words, setWords] = useState('');
  const [found, setFound] = useState<House[] | null>(null);
  const { wrong, busy, run } = useTry(async () => undefined);
  const look = (e: Event) => {
    e.preventDefault();
    void run(async () => setFound(houses(await core.fetchJSON<Hit[]>('/api/search', { body: { query: words.trim() } }))));
  };
  return (
    <Frame title={t('search.title')} intro={t('search.intro')} wrong="" loading={false}>
      <form class="stack" role="search" onSubmit={look} noValidate>
        <TextField label={t('search.label')} hint={t('search.hint')} wrong={wrong} value={words} onText={(s) => setWords(s.slice(0, 100))} input={{ type: 'search', autoComplete: 'off', spellcheck: false, enterKeyHint: 'search' } as object} />
        <div><button class="btn is-primary" type="submit" aria-disabled={busy || words.trim().length < 2}><Icon name="search" />{t(busy ? 'search.busy' : 'search.button')}</button></div>
      </form>
      <p class="sr" role="status">{found && n('search.found', found.length)}</p>
      {found?.length === 0 && <Empty icon="search" title={t('search.none')}><p>{t('search.none_text')}</p></Empty>}
      {found && found.length > 0 && <ul class="card is-flush rows">{found.map((h) => <li key={h.root}><Found house={h} /></li>)}</ul>}
    </Frame>
  );
}

function Found({ house: { root, names, place } }: { house: House }) {
  const kase = caseHere(root);
  return (
    <div class="row">
      <Icon name="door" />
      <div class="grow stack tight">
        <b>{names.join(', ') || place || t('search.household')}</b>
        {names.length > 0 && place && <span class="soft">{place}</span>}
        <span class="chips">
          {kase && <a class="btn is-small" href={`/case/${kase.id}`}>{t('search.case')}</a>}
          {seesLog() && <a class="btn is-small" href={`/log/${root}`}>{t('search.log')}</a>}
          {!kase && !seesLog() && <span class="small soft">{t('search.no_case')}</span>}
        </span>
      </div>
    </div>
  );
}

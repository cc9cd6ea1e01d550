// Taking in a late-payer file. Nothing is written before somebody has looked it through and said yes.
import { useEffect, useState } from 'preact/hooks';
import { core, go, Icon, n, session, t } from './desk/env';
import { Page } from './desk/page';
import { Choose } from './desk/import_choose';
import { Proposed } from './desk/import_proposal';
import { asProblem, Wrong } from './desk/parts';
import { problemOf, tooBig, type Proposal, type Result, type Waiting } from './desk/import_api';
import { dayAndClock } from './desk/words';
import { nameOf } from './phone/contacts';
import type { Problem } from '../core/api';

export default function Import() {
  const i = useImport();
  const mine = ['coordinator', 'collections'].includes(session().person.role);
  if (!mine) return <Page at="/import" title={t('desk.import.title')}><h1>{t('desk.import.title')}</h1><p>{t('desk.import.not_yours')}</p></Page>;
  return (
    <Page at="/import" title={t('desk.import.title')}>
      {i.proposal ? (
        <>
          {offline() && <Offline />}
          {i.problem && <Failed problem={i.problem} />}
          {i.stale && <Wrong title={t('desk.import.stale')} text={t('desk.import.stale_text')} />}
          <Proposed key={i.proposal.id + i.version} proposal={i.proposal} busy={i.busy} onDrop={i.drop} onTake={i.take} />
        </>
      ) : (
        <>
          <header><h1>{t('desk.import.title')}</h1><p class="soft">{t('desk.import.lead')}</p></header>
          {offline() && <Offline />}
          {i.result && <Done result={i.result} />}
          {i.problem && <Failed problem={i.problem} />}
          <Choose busy={i.busy} onFile={i.read} />
          <WaitingList list={i.waiting} onOpen={i.open} />
          <Earlier />
        </>
      )}
    </Page>
  );
}

const offline = () => core.sync.value.phase === 'offline';

/** Here nothing can be done without a connection, unlike elsewhere. */
const Offline = () => <p class="banner" role="status"><Icon name="offline" /><span>{t('desk.import.offline')}</span></p>;

interface State {
  proposal: Proposal | null;
  result: Result | null;
  problem: Problem | null;
  stale: boolean;
  busy: boolean;
  version: number; // of the proposal that is shown: it may be compared anew
  waiting: Waiting[];
}

/** What happens with a file: read, looked through, taken in or dropped. */
function useImport() {
  const [state, setState] = useState<State>({ proposal: null, result: null, problem: null, stale: false, busy: false, version: 0, waiting: [] });
  const set = (change: Partial<State>) => setState((old) => ({ ...old, ...change }));
  const live = core.sync.value.phase === 'live';
  const look = () => void core.fetchJSON<Waiting[]>('/api/imports').then((waiting) => set({ waiting: Array.isArray(waiting) ? waiting : [] }), () => undefined);
  useEffect(look, [live]);

  const attempt = async (work: () => Promise<Partial<State>>) => {
    if (state.busy) return;
    set({ busy: true, problem: null, stale: false, result: null });
    try {
      set({ ...(await work()), busy: false });
    } catch (e) {
      set({ problem: asProblem(e), busy: false });
    }
    scrollTo(0, 0);
  };
  return {
    ...state,
    read: (file: File, partial: boolean) => attempt(async () => {
      const large = tooBig(file);
      if (large) throw large;
      const form = new FormData();
      form.append('file', file);
      return { proposal: await core.fetchJSON<Proposal>(`/api/imports?partial=${partial ? 1 : 0}`, { method: 'POST', form }) };
    }),
    open: (id: string) => attempt(async () => ({ proposal: await core.fetchJSON<Proposal>(`/api/imports/${id}`) })),
    drop: () => attempt(async () => {
      await core.fetchJSON(`/api/imports/${state.proposal!.id}`, { method: 'DELETE' });
      look();
      return { proposal: null };
    }),
    take: (keep: string[]) => attempt(async () => {
      const { id } = state.proposal!;
      try {
        const result = await core.fetchJSON<Result>(`/api/imports/${id}/confirm`, { method: 'POST', body: { keep } });
        look();
        return { result, proposal: null };
      } catch (e) {
        if (asProblem(e).code !== 'stale') throw e;
        const proposal = await core.fetchJSON<Proposal>(`/api/imports/${id}`); // compared with what is there now
        return { proposal, stale: true, version: state.version + 1 };
      }
    }),
  };
}

const Failed = ({ problem }: { problem: Problem }) => <Wrong title={t('desk.import.failed')} text={`${problemOf(problem)} ${t('desk.import.untouched')}`} />;

function Done({ result }: { result: Result }) {
  return (
    <section class="card stack" role="status">
      <p class="state"><Icon name="saved" />{result.nothing ? t('desk.import.nothing') : t('desk.import.done')}</p>
      {!result.nothing && (
        <ul class="say">
          <li><Icon name="check" /><span>{n('desk.import.done_new', result.new)}</span></li>
          <li><Icon name="check" /><span>{n('desk.import.done_changed', result.changed)}</span></li>
          <li><Icon name="check" /><span>{n('desk.import.done_gone', result.gone)}</span></li>
          {result.rejected > 0 && <li><Icon name="info" /><span>{n('desk.import.done_rejected', result.rejected)}</span></li>}
        </ul>
      )}
      <div class="cluster"><button class="btn" type="button" onClick={() => go('/cases')}>{t('desk.import.to_cases')}</button></div>
    </section>
  );
}

/** Files that somebody has read but nobody has said yes to. */
function WaitingList({ list, onOpen }: { list: Waiting[]; onOpen: (id: string) => void }) {
  if (list.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="waiting">
      <h2 id="waiting">{t('desk.import.waiting')}</h2>
      <ul class="card is-flush rows">
        {list.map((w) => (
          <li key={w.id}>
            <button class="row is-mid" type="button" onClick={() => onOpen(w.id)}>
              <Icon name="file" />
              <span><b>{w.fileName}</b><span class="soft sub">{t('desk.import.waiting_by', { who: w.by ? nameOf(w.by) : '', when: w.made ? dayAndClock(w.made) : '' })}</span></span>
              <Icon name="right" flip />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The lists that were taken in, so that one knows which one counts. */
function Earlier() {
  const lists = [...core.list('late_list').value].sort((a, b) => b.f.taken_at - a.f.taken_at).slice(0, 5);
  if (lists.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="earlier">
      <h2 id="earlier">{t('desk.import.earlier')}</h2>
      <ul class="card is-flush rows">
        {lists.map((l) => (
          <li key={l.id} class="row">
            <Icon name="file" />
            <span><b>{l.f.file_name}</b><span class="soft sub">{t('desk.import.as_of', { when: dayAndClock(l.f.as_of) })} {n('desk.import.rows', l.f.counts?.rows ?? 0)}{l.f.partial && ` ${t('desk.import.was_partial')}`}</span><span class="sub small soft">{t('desk.import.taken', { who: nameOf(l.f.taken_by), when: dayAndClock(l.f.taken_at) })}</span></span>
          </li>
        ))}
      </ul>
    </section>
  );
}

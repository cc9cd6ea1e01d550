// Who did what: in a case file, or in the organisation beside the files.
import { useState } from 'preact/hooks';
import { core, Empty, Field, fullDay, has, Icon, moment, n, t, TextField, type ScreenProps } from '../../ui';
import { kinds } from './log_kinds';
import { Frame, nameOf, useAnswer, useTry, Wrong } from './parts';

interface Row {
  number: number;
  at: number;
  person?: string;
  action: string;
  what?: string;
  reason?: string; // why protected details were fetched
  org?: string; // another organisation, which read what was shared with it
}

const page = 200; // rows that the server tells at a time

const doing = ({ action, what }: Row): string => {
  if (action === 'read' && /^log\b/.test(what ?? '')) return t('log.read_log');
  return has(`log.did.${action}`) ? t(`log.did.${action}` as 'log.did.read') : action;
};

/** On what it was read, in words: "ground consent 2026-11-18". */
function groundText(row: Row): string {
  const [, word, since] = /ground ([\w-]+)(?: (\d{4}-\d\d-\d\d))?/.exec(row.what ?? '') ?? [];
  if (!word || !has(`log.ground.${word}`)) return '';
  return t(`log.ground.${word}` as 'log.ground.consent', { since: since ? fullDay(Date.parse(`${since}T12:00`)) : '' });
}

/** What was done without a name was done by the server, or by somebody whom it did not know. */
function whoOf({ org, person, action }: Row): string {
  if (org) return t('log.somebody_at', { org });
  if (person) return nameOf(person, t('log.nameless'));
  return t(action === 'denied' ? 'log.unknown' : 'log.server');
}

/** The times are the server's; what a phone told later has the phone's own time beside
 *  it. Many denials of one kind are one row that says how many. */
function told(row: Row): string {
  const more = row.action === 'denied' && /, (\d+) more$/.exec(row.what ?? '')?.[1];
  if (more) return n('log.again', Number(more));
  const clock = /^device clock ([^;]+)/.exec(row.what ?? '')?.[1];
  return [row.reason && t('log.reason', { why: row.reason }), groundText(row), clock && t('log.device_clock', { when: moment(Date.parse(clock)) })].filter(Boolean).join(', ');
}

interface Page {
  rows: Row[];
  next?: number; // where it goes on
}
interface Sought {
  person: string;
  kinds: string;
  from: string; // "2026-11-24"
  to: string;
}

const nothing: Sought = { person: '', kinds: '', from: '', to: '' };

export default function Log({ params: { root } }: ScreenProps) {
  const path = root ? `/api/log/${encodeURIComponent(root)}` : '/api/log';
  const { answer, wrong } = useAnswer<Row[]>(path);
  const [found, setFound] = useState<{ page: Page; of: Sought; turn: number } | null>(null);
  const search = (of: Sought, before = 0) => core.fetchJSON<Page>('/api/log/search', { body: { ...of, root, kinds: of.kinds ? of.kinds.split(' ') : [], before } });
  const older = async (before: number): Promise<Page> => pageOf(await core.fetchJSON<Row[]>(`${path}?before=${before}`));
  return (
    <Frame title={t(root ? 'log.case_title' : 'log.title')} intro={t(root ? 'log.case_intro' : 'log.intro')} wrong={wrong} loading={!answer}>
      {root && <p><a class="btn" href={`/extract/${encodeURIComponent(root)}`}><Icon name="print" small />{t('extract.make')}</a></p>}
      {answer && <Search key={path} search={async (of) => setFound({ page: await search(of), of, turn: (found?.turn ?? 0) + 1 })} />}
      {/* each search begins with its own first page, also the same one once more */}
      {found ? <Rows key={found.turn} first={found.page} older={(before) => search(found.of, before)} none={t('search.none')} />
        : answer && <Rows key={path} first={pageOf(answer)} older={older} none={t('log.none')} />}
    </Frame>
  );
}

const pageOf = (rows: Row[]): Page => ({ rows, next: rows.length < page ? undefined : rows[rows.length - 1].number });

/** By who, what and when. That it was searched stands in the log. */
function Search({ search }: { search: (of: Sought) => Promise<void> }) {
  const [of, setOf] = useState(nothing);
  const [open, setOpen] = useState(false);
  const { wrong, busy, run } = useTry(async () => undefined);
  const set = (change: Partial<Sought>) => setOf({ ...of, ...change });
  const people = core.list('colleague').value.map((r) => [r.id, r.f.name as string]).sort((a, b) => a[1].localeCompare(b[1], 'sv'));
  const what = Object.entries(kinds).map(([name, words]) => [words, t(`log.kind.${name}` as 'log.kind.read')]);
  if (!open) return <div><button class="btn" type="button" onClick={() => setOpen(true)}><Icon name="search" small />{t('log.search')}</button></div>;
  return (
    <form class="card stack" onSubmit={(e) => { e.preventDefault(); void run(() => search(of)); }}>
      {([['person', people, 'who'], ['kinds', what, 'what']] as const).map(([name, choices, label]) => (
        <Field key={name} label={t(`log.${label}`)}>
          {(control) => <select {...control} value={of[name]} onChange={(e) => set({ [name]: e.currentTarget.value })}><option value="">{t('log.all')}</option>{choices.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>}
        </Field>
      ))}
      {(['from', 'to'] as const).map((name) => <TextField key={name} label={t(`log.${name}`)} value={of[name]} onText={(day) => set({ [name]: day })} input={{ type: 'date' }} />)}
      <p class="small soft">{t('log.searched')}</p>
      <Wrong text={wrong} />
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{t('search.button')}</button></div>
    </form>
  );
}

function Rows({ first, older, none }: { first: Page; older: (before: number) => Promise<Page>; none: string }) {
  const [rows, setRows] = useState(first.rows);
  const [next, setNext] = useState(first.next);
  const { wrong, busy, run } = useTry(async () => undefined);
  const more = () => run(async () => {
    const page = await older(next!);
    setRows([...rows, ...page.rows]);
    setNext(page.next);
  });
  if (rows.length === 0 && !next) return <Empty icon="eye" title={none} />;
  return (
    <section class="stack">
      <p class="small soft" role="status">{n('log.count', rows.length)}</p>
      <div class="card is-flush">
        <table class="table">
          <caption class="sr">{t('log.caption')}</caption>
          <thead><tr><th scope="col">{t('log.when')}</th><th scope="col">{t('log.who')}</th><th scope="col">{t('log.what')}</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.number}>
                <td><time dateTime={new Date(row.at).toISOString()}>{moment(row.at)}</time></td>
                <td>{whoOf(row)}</td>
                <td>{doing(row)}{told(row) && <span class="soft sub">{told(row)}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Wrong text={wrong} />
      {next && <div><button class="btn" type="button" aria-disabled={busy} onClick={() => void more()}>{t('log.more')}</button></div>}
    </section>
  );
}

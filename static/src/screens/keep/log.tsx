// Who did what: in a case file, or in the organisation beside the files.
import { useState } from 'preact/hooks';
import { core, Empty, fullDay, has, Icon, moment, n, t, type ScreenProps } from '../../ui';
import { Frame, nameOf, useAnswer, useTry, Wrong } from './parts';

interface Row {
  number: number;
  at: number;
  person?: string;
  action: string;
  what?: string;
  org?: string; // another organisation, which read what was shared with it
}

const page = 200; // rows that the server tells at a time

const doing = (action: string): string => (has(`log.did.${action}`) ? t(`log.did.${action}` as 'log.did.read') : action);

/** On what it was read, in words: "ground consent 2026-11-18". */
function groundText(row: Row): string {
  const [, word, since] = /ground ([\w-]+)(?: (\d{4}-\d\d-\d\d))?/.exec(row.what ?? '') ?? [];
  if (!word || !has(`log.ground.${word}`)) return '';
  return t(`log.ground.${word}` as 'log.ground.consent', { since: since ? fullDay(Date.parse(`${since}T12:00`)) : '' });
}

/** The times are the server's; what a phone told later has the phone's own time beside it. */
function told(row: Row): string {
  const clock = /^device clock ([^;]+)/.exec(row.what ?? '')?.[1];
  return [groundText(row), clock ? t('log.device_clock', { when: moment(Date.parse(clock)) }) : ''].filter(Boolean).join(', ');
}

export default function Log({ params: { root } }: ScreenProps) {
  const path = root ? `/api/log/${encodeURIComponent(root)}` : '/api/log';
  const { answer, wrong } = useAnswer<Row[]>(path);
  return (
    <Frame title={t(root ? 'log.case_title' : 'log.title')} intro={t(root ? 'log.case_intro' : 'log.intro')} wrong={wrong} loading={!answer}>
      {root && <p><a class="btn" href={`/extract/${encodeURIComponent(root)}`}><Icon name="print" small />{t('extract.make')}</a></p>}
      {answer && <Rows key={path} path={path} first={answer} />}
    </Frame>
  );
}

function Rows({ path, first }: { path: string; first: Row[] }) {
  const [rows, setRows] = useState(first);
  const [done, setDone] = useState(first.length < page);
  const { wrong, busy, run } = useTry(async () => undefined);
  const more = () => run(async () => {
    const next = await core.fetchJSON<Row[]>(`${path}?before=${rows[rows.length - 1].number}`);
    setRows([...rows, ...next]);
    setDone(next.length < page);
  });
  if (rows.length === 0) return <Empty icon="eye" title={t('log.none')} />;
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
                <td>{row.org ? t('log.somebody_at', { org: row.org }) : row.person ? nameOf(row.person) : t('log.server')}</td>
                <td>{doing(row.action)}{told(row) && <span class="soft sub">{told(row)}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Wrong text={wrong} />
      {!done && <div><button class="btn" type="button" aria-disabled={busy} onClick={() => void more()}>{t('log.more')}</button></div>}
    </section>
  );
}

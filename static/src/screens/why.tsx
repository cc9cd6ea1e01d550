// "Why?": the program's own tables, as the server enforces them.
import { useEffect, useState } from 'preact/hooks';
import { Banner, core, Crumb, Ghost, has, problemText, Screen, t, type ScreenProps } from '../ui';

interface Table {
  title: string;
  rows: Record<string, unknown>[];
}

export default function Why({ params }: ScreenProps) {
  const [table, setTable] = useState<Table | null>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    core.fetchJSON<Table>(`/api/why/${encodeURIComponent(params.table)}`).then(setTable, (e) => setWrong(e.code === 'offline' ? t('why.offline') : problemText(e)));
  }, [params.table]);
  const intro = `why.${params.table}`;
  return (
    <Screen title={t('why.title')} top={<Crumb to="/more">{t('nav.more')}</Crumb>}>
      <div class="stack tight">
        <h1>{table?.title ?? t('why.title')}</h1>
        {has(intro) && <p>{t(intro)}</p>}
      </div>
      {wrong && <Banner icon="offline" live>{wrong}</Banner>}
      {!table && !wrong && <Ghost rows={4} />}
      {table?.rows.map((row, i) => <Line key={i} row={row} />)}
    </Screen>
  );
}

/** One row of the table, upright: the first value is its name. */
function Line({ row }: { row: Record<string, unknown> }) {
  const [first, ...rest] = Object.entries(row).filter(([, v]) => v !== null && v !== '');
  if (!first) return null;
  return (
    <section class="card stack tight">
      <h2 class="small">{show(first[1])}</h2>
      <dl class="facts small">
        {rest.map(([name, value]) => [<dt key={name}>{name.replaceAll('_', ' ')}</dt>, <dd key={`${name}-v`}>{show(value)}</dd>])}
      </dl>
    </section>
  );
}

const show = (v: unknown): string =>
  Array.isArray(v) ? v.map(show).join(', ') : typeof v === 'object' && v ? Object.values(v).map(show).join(', ') : String(v);

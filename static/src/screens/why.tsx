// "Why?": the program's own tables, as the server enforces them, in words.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Banner, core, Crumb, Ghost, has, Icon, lang, problemText, Screen, session, t, type ScreenProps } from '../ui';

interface Table {
  title: string;
  markdown: string;
  rows: unknown[];
}
interface AccessRow { group: string; sv: string; en: string; cells: Record<string, string> }
interface RuleRow { id: string; kind: string; fields: string[]; word: string; wins: string }
interface MethodRow { id: string; shown_to?: string; text: { sv: string; en: string } }

const rolesOf = {
  landlord: ['caretaker', 'coordinator', 'collections', 'landlord_manager', 'administrator'],
  social_services: ['social_worker', 'child_worker', 'social_manager', 'administrator'],
  operator: ['operator'],
};

/** The text for a word of the tables; the word itself when there is none. */
const word = (group: string, w: string): string => (has(`${group}.${w}`) ? t(`${group}.${w}` as 'role.caretaker') : w);

/** `params.row` names the rows that one asked about; the others are a tap away, below them. */
export default function Why({ params }: ScreenProps) {
  const [table, setTable] = useState<Table | null>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    const path = `/api/why/${encodeURIComponent(params.table)}`;
    core.fetchJSON<Table>(path).then(setTable, (e) => setWrong(e.code === 'offline' ? t('why.offline') : problemText(e)));
  }, [params.table]);
  const intro = `why.${params.table}`;
  const [all, setAll] = useState(false);
  const about = (table?.rows ?? []).filter((r) => isAbout(r, params.row));
  const others = (table?.rows ?? []).filter((r) => !about.includes(r));
  const rows = about.length > 0 && !all ? about : [...about, ...others];
  return (
    <Screen title={t('why.title')} top={<Crumb to="/more">{t('nav.more')}</Crumb>}>
      <div class="stack tight">
        <h1>{table?.title ?? t('why.title')}</h1>
        {has(intro) && <p>{t(intro)}</p>}
      </div>
      {wrong && <Banner icon="offline" live>{wrong}</Banner>}
      {!table && !wrong && <Ghost rows={4} />}
      {table && <ul class="card is-flush rows">{rows.map((row, i) => <li key={i} class={all && i < about.length ? 'row-text is-asked' : 'row-text'}>{line(params.table, row)}</li>)}</ul>}
      {table && rows.length < table.rows.length && <div><button class="btn" type="button" onClick={() => setAll(true)}>{t('why.all')}</button></div>}
      {table?.markdown && (
        <details class="card is-flush">
          <summary class="row"><Icon name="file" /><b>{t('why.document')}</b><Icon name="down" turn /></summary>
          <p class="more small is-plain" lang="sv">{table.markdown}</p>
        </details>
      )}
    </Screen>
  );
}

/** Whether a row is one that was asked for: by its id, or with its group in access.md
 *  ("message" is also "message.own"). Several are divided by commas. */
const isAbout = (row: unknown, asked?: string) => {
  const { group, id } = row as { group?: string; id?: string };
  return Boolean(asked?.split(',').some((one) => id === one || group === one || group?.startsWith(`${one}.`)));
};

function line(table: string, row: unknown): ComponentChildren {
  if (table === 'access') return <Access row={row as AccessRow} />;
  if (table === 'rules') return <Rule row={row as RuleRow} />;
  return <Method row={row as MethodRow} />;
}

/** Who in one's own organisation sees and writes a group of things; oneself first. */
function Access({ row }: { row: AccessRow }) {
  const { org, person } = session();
  const roles = [person.role, ...rolesOf[org.kind].filter((r) => r !== person.role)];
  const said = lang() === 'en' ? row.en : row.sv;
  return (
    <>
      <h2 class="h3">{said.charAt(0).toLocaleUpperCase() + said.slice(1)}</h2>
      <dl class="facts small">
        {roles.map((role) => [<dt key={role}>{word('role', role)}</dt>, <dd key={`${role}-may`}>{cell(row.cells[role] ?? 'never')}</dd>])}
      </dl>
    </>
  );
}

/** "own-unit+consent/append" in words: what one's own wrote, what the other organisation wrote, and writing. */
function cell(value: string): string {
  const [read, write] = value.split('/');
  const [own, ...cross] = read.split('+');
  const theirs = cross.map((w) => w.split(':').map((part) => word('may', part)).join(' ')).join(t('why.or'));
  return [word('may', own), theirs && t('why.theirs', { how: theirs }), write && word('may', write)].filter(Boolean).join(', ');
}

function Rule({ row }: { row: RuleRow }) {
  return (
    <>
      <h2 class="h3">{word('kind', row.kind)}</h2>
      <p>{row.wins}</p>
      <p class="small soft">{row.fields.join(', ')}: {row.word}</p>
    </>
  );
}

function Method({ row }: { row: MethodRow }) {
  const said = lang() === 'en' ? row.text.en : row.text.sv;
  return (
    <>
      <h2 class="h3">{said.replace(/\{\w+\}/g, '…')}</h2>
      {row.shown_to && <p class="small soft">{t(row.shown_to === 'desk' ? 'why.for_desk' : 'why.for_all')}</p>}
    </>
  );
}

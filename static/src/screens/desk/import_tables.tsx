// The tables of an import. Long ones are shown a piece at a time.
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { money, number, t } from './env';
import { capital, monthName, whenWord } from './words';
import { list, firstNameOf } from '../phone/contacts';
import type { ChangedRow, GoneRow, Planned, Row } from './import_api';

const slice = 50;

function Sliced<R extends Row>({ rows, caption, heads, row }: { rows: R[]; caption: string; heads: string[]; row: (r: R) => ComponentChildren }) {
  const [shown, setShown] = useState(slice);
  return (
    <>
      <div class="card is-flush">
        <table class="table">
          <caption class="sr">{caption}</caption>
          <thead><tr>{heads.map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
          <tbody>{rows.slice(0, shown).map((r) => <tr key={r.claim}>{row(r)}</tr>)}</tbody>
        </table>
      </div>
      {rows.length > shown && <button class="btn is-quiet" type="button" onClick={() => setShown(shown + slice)}>{t('desk.cases.more', { n: Math.min(slice, rows.length - shown), total: number(rows.length) })}</button>}
    </>
  );
}

const nameIn = (r: Row) => (r.protected ? t('desk.hidden') : r.name);
const rent = (r: Row) => capital(t('desk.debt.rent_of', { month: monthName(r.dueMonth) }));
const sum = (r: Row) => money(r.capital + r.costs);

const Household = ({ row }: { row: Row }) => <><b>{nameIn(row)}</b>{row.street}</>;

export const RowTable = ({ rows, caption }: { rows: Row[]; caption: string }) => (
  <Sliced
    rows={rows} caption={caption} heads={[t('desk.cases.household'), t('desk.import.rent'), t('desk.import.row')]}
    row={(r) => <><td><Household row={r} /></td><td class="num">{rent(r)}<span class="sub soft">{sum(r)}</span></td><td class="num">{t('desk.import.row_n', { n: r.row })}{r.again && <span class="sub soft">{t('desk.import.again')}</span>}</td></>}
  />
);

export const ChangedTable = ({ rows }: { rows: ChangedRow[] }) => (
  <Sliced
    rows={rows} caption={t('desk.import.tab.changed')} heads={[t('desk.cases.household'), t('desk.import.before'), t('desk.import.now')]}
    row={(r) => <><td><Household row={r} /></td><td class="num">{rent(r)}<span class="sub soft">{sum(r.before)}</span></td><td class="num">{sum(r) === sum(r.before) ? t('desk.import.same_sum') : sum(r)}<span class="sub soft">{changes(r)}</span></td></>}
  />
);

/** Which facts of the household are written differently in the new list. */
function changes(r: ChangedRow): string {
  const facts = (r.facts ?? []).map((f) => ({ 'person.phone': t('desk.people.phone'), 'person.name': t('desk.notice.name'), 'person.email': t('desk.people.email'), 'household.street': t('desk.notice.street') })[f] ?? t('desk.import.other_fact'));
  return facts.length > 0 ? t('desk.import.facts', { facts: list([...new Set(facts)]).toLocaleLowerCase() }) : '';
}

export function GoneTable({ rows, keep, onFlip }: { rows: GoneRow[]; keep: ReadonlySet<string>; onFlip: (claim: string) => void }) {
  return (
    <Sliced
      rows={rows} caption={t('desk.import.tab.gone')} heads={[t('desk.import.counts_paid'), t('desk.import.last_list'), t('desk.import.happens')]}
      row={(r) => (
        <>
          <td><label class="tick is-cell"><input type="checkbox" checked={!keep.has(r.claim)} onChange={() => onFlip(r.claim)} /><span><b>{nameIn(r)}</b>{r.street}</span></label></td>
          <td class="num">{rent(r)}<span class="sub soft">{sum(r)}</span></td>
          <td>{keep.has(r.claim) ? t('desk.import.stays') : <Happens contacts={r.contacts} />}</td>
        </>
      )}
    />
  );
}

function Happens({ contacts }: { contacts: Planned[] }) {
  if (contacts.length === 0) return <>{t('desk.import.paid')}</>;
  return (
    <>
      {contacts.map((c) => (
        <span key={c.id} class="sub">
          {t(c.form === 'visit' ? 'desk.import.visit_goes' : 'desk.import.call_goes', { when: whenWord(c.at) })}
          {c.people.length > 0 && <span class="sub soft">{t('desk.import.told', { who: list(c.people.map(firstNameOf)) })}</span>}
        </span>
      ))}
    </>
  );
}

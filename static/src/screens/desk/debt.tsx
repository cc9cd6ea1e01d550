// What is owed, always with the day it was true. Shown only to those who carry the figures.
import { money, n, t } from './env';
import { DayClock } from './parts';
import { ofCase } from './files';
import { monthName, capital } from './words';
import type { Rec } from '../../core/api';
import type { Debt } from '../../schema.gen';

const AsOf = ({ at }: { at: number }) => <span class="sub small soft">{t('desk.debt.as_of')} <DayClock at={at} /></span>;

/** The sum, for the panel. */
export function DebtText({ kase }: { kase: Rec }) {
  const debt = kase.f.debt as Debt | null | undefined;
  if (!debt) return null;
  return (
    <section class="stack tight">
      <h3>{t('desk.debt.title')}</h3>
      <p>{debt.capital + debt.costs > 0 ? t('desk.debt.sum', { sum: money(debt.capital + debt.costs), months: n('desk.debt.months', debt.months) }) : t('desk.debt.nothing')}<AsOf at={debt.as_of} /></p>
    </section>
  );
}

/** Every rent of its own, and the sum below. */
export function DebtTable({ kase }: { kase: Rec }) {
  const debt = kase.f.debt as Debt | null | undefined;
  if (!debt) return null;
  const claims = [...ofCase('claim', kase.id)].sort((a, b) => String(b.f.due_month).localeCompare(String(a.f.due_month)));
  if (claims.length === 0) return <DebtText kase={kase} />;
  return (
    <section class="card stack tight">
      <h2>{t('desk.debt.title')}</h2>
      <table class="costs">
        <caption class="sr">{t('desk.debt.caption')}</caption>
        <tbody>{claims.map((c) => <Claim key={c.id} claim={c} />)}</tbody>
        <tfoot><tr><th scope="row">{t('desk.debt.total')}</th><td>{money(debt.capital + debt.costs)}</td></tr></tfoot>
      </table>
      <p><AsOf at={debt.as_of} /></p>
    </section>
  );
}

function Claim({ claim }: { claim: Rec }) {
  const { state, costs, due_month, as_of } = claim.f;
  const paid = state !== 'open';
  return (
    <tr>
      <th scope="row">
        {capital(t('desk.debt.rent_of', { month: monthName(due_month) }))}
        <span class="sub small soft">
          {paid ? t(state === 'paid' ? 'desk.debt.paid' : 'desk.debt.removed') : costs > 0 ? t('desk.debt.costs', { sum: money(costs) }) : ''}
          {as_of && paid ? <> <DayClock at={as_of} /></> : null}
        </span>
      </th>
      <td>{paid ? <s>{money(claim.f.capital + costs)}</s> : money(claim.f.capital + costs)}</td>
    </tr>
  );
}

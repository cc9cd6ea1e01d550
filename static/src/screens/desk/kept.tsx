// What two wrote differently and a row of rules.md decided: the value that did not count.
import { has } from '../../ui';
import { Icon, n, t } from './env';
import { DayClock } from './parts';
import { becauseText } from './history';
import { conflictsOf } from './files';
import { capital, unitName, who } from './words';
import { targetOf, valueText, versionsOf } from '../phone/conflicts';
import { list, nameOf } from '../phone/contacts';
import { languageName } from '../phone/language';
import type { Rec } from '../../core/api';

/** Where the words of a field's values stand, when they are words of the program. */
const words: Record<string, string> = {
  reason: 'desk.about', stage: 'desk.stage', closed_because: 'desk.closed', position: 'desk.position', purpose: 'desk.purpose', form: 'desk.form', status: 'desk.kept.status',
};

export function Kept({ kase }: { kase: Rec }) {
  const kept = conflictsOf(kase.f.household).filter((c) => c.f.state === 'kept' && isOf(kase, c)).sort((a, b) => lostOf(b).at - lostOf(a).at);
  if (kept.length === 0) return null;
  return (
    <details class="card is-flush">
      <summary class="row"><Icon name="split" /><b>{n('desk.kept', kept.length)}</b><Icon name="down" turn /></summary>
      <ol class="more log">{kept.map((c) => <One key={c.id} conflict={c} />)}</ol>
    </details>
  );
}

/** The household's and its people's are every case's. "moved" only tells of a time that is a row of its own. */
function isOf(kase: Rec, conflict: Rec): boolean {
  const { kind, record, field } = conflict.f;
  const of = kind === 'case' ? record : targetOf(conflict)?.f.case;
  return (!of || of === kase.id) && field !== 'moved' && versionsOf(conflict).length > 1;
}

const lostOf = (conflict: Rec) => versionsOf(conflict)[1];

function One({ conflict }: { conflict: Rec }) {
  const [won] = versionsOf(conflict);
  const lost = lostOf(conflict);
  const { field, rule } = conflict.f;
  const label = t(has(`desk.field.${field}`) ? `desk.field.${field as 'language'}` : 'desk.field.other');
  return (
    <li>
      <DayClock at={lost.at} />
      <div>
        {label}: {value(conflict, lost.v)}
        <small>{t('desk.kept.by', { who: capital(who(lost.by)), value: value(conflict, won.v), other: who(won.by) })}</small>
        <a class="link" href={`/why/rules/${rule}`}>{t('why')}</a>
      </div>
    </li>
  );
}

function value(conflict: Rec, v: unknown): string {
  const { field } = conflict.f;
  const key = `${words[field]}.${v}`;
  if (has(key)) return t(key as 'desk.about.arrears');
  if (field === 'people' && Array.isArray(v)) return list(v.map(nameOf)) || t('desk.ahead.nobody');
  if (field === 'cancelled') return v ? becauseText(v as { because: string }) : t('desk.kept.not_cancelled');
  if (field === 'unit') return unitName(String(v));
  if (field === 'language' && v) return languageName(String(v));
  return valueText(conflict, v);
}

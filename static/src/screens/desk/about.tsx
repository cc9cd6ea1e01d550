// What the case is about, and correcting that: a notice of an eviction often does not say why.
import { useState } from 'preact/hooks';
import { Icon, t } from './env';
import { evictionWhen } from './history';
import { Inline, useCommit } from './parts';
import { isSocial, seesLog, unitName, whoSeesFile, writes } from './words';
import type { File } from './files';
import type { Forms } from '../case';
import type { Rec } from '../../core/api';

/** Why there is a case. A notice of an eviction may not say it, and nobody guesses. */
export const reasons = ['arrears', 'neglect', 'subletting', 'disturbance', 'repeated_late', 'not_told'] as const;

export function About({ file: { kase }, forms }: { file: File; forms: Forms }) {
  return (
    <section class="stack tight">
      <h3>{t('desk.case.about')}</h3>
      <dl class="facts">
        <dt>{t('desk.case.reason')}</dt><dd>{t(`desk.about.${kase.f.reason as 'arrears'}`)}</dd>
        <dt>{t('desk.case.unit')}</dt><dd>{unitName(kase.f.unit)}</dd>
        {kase.f.stage && !isSocial() && <><dt>{t('desk.case.stage')}</dt><dd>{t(`desk.stage.${kase.f.stage as 'reminder'}`)}</dd></>}
        {kase.f.eviction_at && <><dt>{t('desk.case.eviction')}</dt><dd>{evictionWhen(kase.f.eviction_at)}</dd></>}
      </dl>
      {forms.open === 'about' ? <ReasonForm kase={kase} onClose={() => forms.show(null)} /> : (
        writes() && kase.f.status !== 'closed' && <div><button class="btn is-small" type="button" onClick={() => forms.show('about')}>{t('desk.case.change_reason')}</button></div>
      )}
      {/* also of a protected household, which no search finds */}
      {seesLog() && <div><a class="btn is-small" href={`/log/${kase.f.household}`}><Icon name="eye" small />{t('desk.case.log')}</a></div>}
    </section>
  );
}

function ReasonForm({ kase, onClose }: { kase: Rec; onClose: () => void }) {
  const { problem, write } = useCommit();
  const [reason, setReason] = useState<string>(kase.f.reason ?? 'not_told');
  const save = async () => {
    if (reason === kase.f.reason || (await write([{ kind: 'case', record: kase.id, fields: { reason } }]))) onClose();
  };
  return (
    <Inline title={t('desk.case.change_reason')} save={t('desk.people.save')} onSave={save} onClose={onClose} problem={problem} row="case" sees={whoSeesFile(kase.f.unit)}>
      <div class="field">
        <label for="reason">{t('desk.case.reason')}</label>
        <select class="input" id="reason" value={reason} onChange={(e) => setReason(e.currentTarget.value)}>
          {reasons.map((r) => <option key={r} value={r}>{t(`desk.about.${r}`)}</option>)}
        </select>
      </div>
    </Inline>
  );
}

// A meeting in the stairwell, or a call nobody planned: choose who, and it is recorded.
import { Crumb, go, newId, Screen, t } from '../ui';
import { useState } from 'preact/hooks';
import { caseOf } from './phone/contacts';
import { HouseholdSearch } from './phone/household_search';
import { contactChange, outcome } from './phone/outcomes';
import { Trouble } from './phone/parts';
import { useSave } from './phone/use_save';
import { Problem, type Rec } from '../core/api';

export default function Unplanned() {
  const [call, setCall] = useState(false);
  const [missing, setMissing] = useState(false);
  const saver = useSave();
  const choose = async (household: Rec) => {
    const kase = caseOf(household.id);
    setMissing(!kase);
    if (!kase) return;
    if (call) return go(`/call/${kase.id}`);
    const id = newId();
    const met = contactChange(kase, { form: 'unplanned', outcome: outcome('met') }, id);
    if (await saver.save([met])) go(`/visit/${id}`, { replace: true });
  };
  return (
    <Screen title={t('phone.unplanned.title')} top={<Crumb to="/">{t('phone.today.title')}</Crumb>}>
      <div class="stack">
        <h1>{t(call ? 'phone.unplanned.title_call' : 'phone.unplanned.title')}</h1>
        <p>{t(call ? 'phone.unplanned.text_call' : 'phone.unplanned.text')}</p>
        <div class="filters" role="group" aria-label={t('phone.unplanned.form')}>
          <button class="btn" type="button" aria-pressed={!call} onClick={() => setCall(false)}>{t('phone.unplanned.meeting')}</button>
          <button class="btn" type="button" aria-pressed={call} onClick={() => setCall(true)}>{t('phone.unplanned.call')}</button>
        </div>
      </div>
      <Trouble problem={missing ? new Problem('no_case', t('phone.unplanned.no_case')) : saver.problem} />
      <HouseholdSearch title={t(call ? 'phone.unplanned.who_call' : 'phone.unplanned.who')} choose={choose} />
    </Screen>
  );
}

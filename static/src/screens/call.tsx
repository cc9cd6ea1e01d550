// A call: the number, then how it went. Two taps: the number, the answer.
import { Bar, core, Crumb, daysBetween, go, Icon, Link, longDay, newId, now, Screen, t, Time, type ScreenProps } from '../ui';
import { atHour, capital, hourOf, isWeekend } from './phone/when';
import { useState } from 'preact/hooks';
import { bothOf } from './phone/conflicts';
import { householdOf, namesOf, isProtected, floorOf, mayFetch } from './phone/contacts';
import { answerText, contactChange, outcome, type Answer } from './phone/outcomes';
import { By, Settle, tel, Trouble } from './phone/parts';
import { useSave } from './phone/use_save';
import { NotFound } from './phone/visit_after';
import type { Change, Rec } from '../core/api';

export default function Call({ params }: ScreenProps) {
  const id = params.caseId;
  const kase = core.get('case', id);
  if (!kase) return <NotFound />;
  return <Open kase={kase} />;
}

function Open({ kase }: { kase: Rec }) {
  const { household, tenants } = householdOf(kase.f.household);
  const saver = useSave();
  const [back] = useState(() => backAt(now()));

  const record = async (answer: Answer, again?: number) => {
    const call = newId();
    const changes: Change[] = [contactChange(kase, { form: 'call', outcome: outcome(answer), ...(again ? { next_at: again } : {}) }, call)];
    if (again) changes.push(contactChange(kase, { form: 'call_back', planned_at: again }));
    if (await saver.save(changes)) go(`/visit/${call}`, { replace: true });
  };
  const numbers = tenants.flatMap((p) => bothOf(p, 'phone').all.filter((phone) => phone.v).map((phone) => ({ p, phone })));
  const others: Answer[] = ['left_message', 'met_other', 'refused', 'says_paid'];
  return (
    <Screen
      title={t('phone.form.call')}
      top={<Crumb to="/">{t('phone.today.title')}</Crumb>}
      bar={
        <Bar label={t('phone.call.bar')}>
          <button class="btn" type="button" onClick={() => record('no_answer')}>{answerText('no_answer', true)}</button>
          <button class="btn is-primary" type="button" onClick={() => record('met')}>{answerText('met', true)}</button>
        </Bar>
      }
    >
      <div class="stack tight">
        <h1>{isProtected(household) ? <><Icon name="lock" /> {t('phone.protected')}</> : namesOf(tenants) || t('phone.facts.title')}</h1>
        {!isProtected(household) && <p>{[household?.f.street, floorOf(household)].filter(Boolean).join(', ')}</p>}
      </div>
      <Trouble problem={saver.problem} />
      <section class="stack">
        {isProtected(household) && <p class="banner"><Icon name="eye" /><span>{t(mayFetch() ? 'phone.visit.protected' : 'phone.visit.protected_not')}</span></p>}
        {isProtected(household) && mayFetch() && <div><Link class="btn" to={`/protected/${household!.id}`}><Icon name="lock" />{t('phone.protected_show')}</Link></div>}
        {numbers.length === 0 && !isProtected(household) && <p class="banner"><Icon name="phone" /><span>{t('phone.call.no_number')}</span></p>}
        {numbers.map(({ p, phone }) => (
          <a key={p.id + phone.v} class="btn is-start is-big" href={tel(phone.v)}>
            <Icon name="phone" /><span>{numbers.length > 1 ? t('phone.call.name_number', { name: p.f.name.split(' ')[0], number: phone.v }) : t('phone.call.number', { number: phone.v })}<By value={phone} /></span>
          </a>
        ))}
        {tenants.map((p) => <Settle key={p.id} conflict={bothOf(p, 'phone').settle} />)}
        <p class="small soft">{t('phone.call.hint')}</p>
      </section>
      <section class="stack">
        <h2>{t('phone.call.again_title')}</h2>
        <button class="btn is-start" type="button" onClick={() => record('no_answer', back)}>
          <Icon name="clock" /><span>{t('phone.call.again')} {daysBetween(now(), back) === 0 ? '' : capital(longDay(back)) + ' '}<Time at={back} /></span>
        </button>
      </section>
      <section class="stack">
        <h2>{t('phone.visit.other')}</h2>
        <div class="pair">
          {others.map((a) => <button key={a} class="btn is-start" type="button" onClick={() => record(a)}>{answerText(a, true)}</button>)}
        </div>
      </section>
      <Link class="banner is-acute" to="/acute">
        <Icon name="alert" /><span class="grow"><b>{t('phone.acute.entry')}</b>{t('phone.acute.entry_text')}</span><Icon name="right" flip />
      </Link>
    </Screen>
  );
}

/** Five o'clock, when people are home; the next weekday when that is too near or past. */
function backAt(at: number): number {
  if (hourOf(at) < 16 && !isWeekend(at)) return atHour(at, 0, 17);
  let days = 1;
  while (isWeekend(atHour(at, days, 12))) days++;
  return atHour(at, days, 17);
}

// What one needs before ringing the bell: where, who, why, and what to say.
import { daysBetween, go, Icon, Link, longDay, me, moment, now, session, t, Time } from '../../ui';
import { bothOf, numberOf } from './conflicts';
import { capital, lower } from './when';
import { companions, firstNameOf, floorOf, isProtected, mayFetch, nameOf, namesOf, type Visit } from './contacts';
import { isCall } from './outcomes';
import { languageName } from './language';
import { agreement, By, CallColleague, colleagueToCall, Faces, mapLink, ReasonChips, rentText, Settle, tel, whyMethod } from './parts';
import { reasonsOf, whySentence } from './reasons';
import type { Moved as MovedValue } from '../../schema.gen';
import { jointText } from './together';
import type { Rec } from '../../core/api';

export function Arrival({ visit }: { visit: Visit }) {
  const { household } = visit;
  const floor = floorOf(household);
  const hint = String(household?.f.door_hint ?? '').trim().replace(/\.$/, '');
  const where = floor && hint ? `${floor}, ${lower(hint)}` : floor || hint;
  const flat = household?.f.apartment ? t('phone.visit.apartment', { n: household.f.apartment }) : '';
  const hidden = isProtected(household);
  return (
    <section class="stack">
      <div class="stack tight">
        <h1>{hidden ? <><Icon name="lock" /> {t('phone.protected')}</> : household?.f.street ?? t('phone.household_gone')}</h1>
        {!hidden && (where || flat) && <p>{[where, flat].filter(Boolean).join('. ')}</p>}
      </div>
      {hidden && <Protected visit={visit} />}
      <Keys visit={visit} />
      <Moved contact={visit.contact} />
      <Together contact={visit.contact} />
      <Tiles visit={visit} />
    </section>
  );
}

/** The way to the details for who may fetch them, and whom to ask for who may not. */
export function Protected({ visit: { contact, household } }: { visit: Visit }) {
  const ask = mayFetch() ? undefined : colleagueToCall(contact);
  return (
    <>
      <p class="banner"><Icon name="eye" /><span>{t(mayFetch() ? 'phone.visit.protected' : 'phone.visit.protected_not')}</span></p>
      {mayFetch() ? <div><Link class="btn" to={`/protected/${household!.id}`}><Icon name="lock" />{t('phone.protected_show')}</Link></div> : ask && <CallColleague who={ask} />}
    </>
  );
}

/** Door code, time, and who goes along: what is read at arm's length. */
function Keys({ visit: { contact, household } }: { visit: Visit }) {
  const people: string[] = [me(), ...companions(contact, me())];
  const planned = contact.f.planned_at as number | undefined;
  const codes = bothOf(household, 'door_code');
  const today = planned ? daysBetween(now(), planned) === 0 : true;
  return (
    <dl class="card keys">
      {codes.all.length > 0 && !isProtected(household) && !isCall(contact) && (
        <div>
          <dt>{t('phone.visit.code')}</dt>
          {codes.all.map((code) => <dd key={code.v}><b class="code">{code.v || t('phone.conflict.empty')}</b> <By value={code} /></dd>)}
          {codes.settle && <dd><Settle conflict={codes.settle} /></dd>}
        </div>
      )}
      {planned && (
        <div>
          <dt>{today ? t('phone.visit.time') : capital(longDay(planned))}</dt>
          <dd class="when"><Time at={planned} /></dd>
        </div>
      )}
      <div>
        <dt>{isCall(contact) ? t('phone.visit.people_call') : people.length > 1 ? capital(t('phone.visit.together', { n: numberWord(people.length) })) : t('phone.visit.alone')}</dt>
        <dd><Faces people={people} /></dd>
      </div>
    </dl>
  );
}

/** The time was another one before: somebody who planned the day by it must see that. */
function Moved({ contact }: { contact: Rec }) {
  const moved = contact.f.moved as MovedValue | undefined | null;
  if (!moved?.from || contact.f.outcome) return null;
  return <p class="small">{t('phone.inbox.moved_from', { name: nameOf(moved.by), time: moment(moved.from) })}</p>;
}

/** The other organisation comes too; said first when it says another time. */
function Together({ contact }: { contact: Rec }) {
  const joint = contact.f.outcome ? null : jointText(contact);
  return joint && <p class={joint.soon ? 'banner is-soon' : 'banner'}><Icon name={joint.soon ? 'split' : 'users'} /><span>{joint.text}</span></p>;
}

const numberWord = (n: number) => (n === 2 ? t('phone.number.2') : n === 3 ? t('phone.number.3') : String(n));

function Tiles({ visit: { contact, household, kase, tenants } }: { visit: Visit }) {
  const phone = numberOf(tenants);
  const interpreter = needsInterpreter(household) ? agreement()?.f.interpreter_phone : undefined;
  const tiles = [
    kase && phone && (
      <a key="call" class="btn" href={tel(phone)} onClick={() => !isCall(contact) && go(`/call/${kase.id}`)}>
        <Icon name="phone" />{t('phone.visit.call')}
      </a>
    ),
    household && !isProtected(household) && !isCall(contact) && (
      <a key="find" class="btn" href={mapLink(household)}><Icon name="pin" />{t('phone.visit.find')}</a>
    ),
    interpreter && <a key="lang" class="btn" href={tel(interpreter)}><Icon name="lang" />{t('phone.visit.interpreter')}</a>,
  ].filter(Boolean);
  return tiles.length > 0 ? <div class="tiles">{tiles}</div> : null;
}

const needsInterpreter = (household?: Rec) => Boolean(household?.f.language && household.f.language !== 'sv');

export function Safety({ household }: { household?: Rec }) {
  const { all, settle } = bothOf(household, 'safety');
  if (all.length === 0) return null;
  return (
    <div class="banner is-soon">
      <Icon name="shield" />
      <div class="stack tight">
        <p><b>{t('phone.visit.safety')}</b>{all.length > 1 ? t('phone.visit.safety_both') : all[0].v}</p>
        {all.length > 1 && all.map((advice) => <p key={advice.v}>{advice.v || t('phone.conflict.empty')}<By value={advice} /></p>)}
        <Settle conflict={settle} />
      </div>
    </div>
  );
}

export function Facts({ visit: { household, kase, tenants } }: { visit: Visit }) {
  const rows: [string, preact.ComponentChildren][] = [
    [t('phone.facts.household'), peopleText(household)],
    ...tenants.map((p): [string, preact.ComponentChildren] => [
      tenants.length > 1 ? t('phone.facts.phone_of', { name: String(p.f.name).split(' ')[0] }) : t('phone.facts.phone'),
      numbers(p),
    ]),
    [t('phone.facts.language'), languageText(household)],
    [t('phone.facts.rent'), rentText(kase, true)],
  ];
  const known = rows.filter(([, value]) => value);
  return (
    <section class="stack">
      <h2>{namesOf(tenants) || t('phone.facts.title')}</h2>
      {known.length > 0 && <dl class="facts">{known.map(([label, value]) => <><dt>{label}</dt><dd>{value}</dd></>)}</dl>}
    </section>
  );
}

function numbers(person: Rec): preact.ComponentChildren {
  const { all, settle } = bothOf(person, 'phone');
  return all.length > 0 && (
    <>
      {all.map((phone) => <p key={phone.v}>{phone.v ? <a href={tel(phone.v)}><bdi dir="ltr">{phone.v}</bdi></a> : t('phone.conflict.empty')}<By value={phone} /></p>)}
      <Settle conflict={settle} />
    </>
  );
}

function peopleText(household?: Rec): string {
  const adults = household?.f.adults as number | undefined;
  const parts = [adults === 1 ? t('phone.facts.adult') : adults ? t('phone.facts.adults', { n: numberWord(adults) }) : ''];
  if (household?.f.children) parts.push(t('phone.reason.children'));
  return capital(parts.filter(Boolean).join('. '));
}

function languageText(household?: Rec): string {
  if (!household?.f.language && !household?.f.interpreter) return '';
  const given: string = household.f.interpreter ?? '';
  const interpreter = /^(ja|yes)$/i.test(given.trim()) ? t('phone.facts.interpreter') : given; // a property system often says just yes
  return [capital(languageName(household.f.language || 'sv')), interpreter].filter(Boolean).join('. ');
}

export function Why({ visit: { contact, kase } }: { visit: Visit }) {
  const reasons = reasonsOf(kase);
  const sentence = whySentence(kase);
  if (reasons.length === 0 && !contact.f.message) return null;
  return (
    <section class="stack">
      <h2>{t(isCall(contact) ? 'phone.why.title_call' : 'phone.why.title')}</h2>
      <ReasonChips reasons={reasons} />
      {contact.f.message && <p class="banner"><Icon name="talk" /><span><b>{t('phone.why.message')}</b>{contact.f.message}</span></p>}
      <p>{sentence} <Link to={whyMethod(reasons)}>{t('phone.why.link')}</Link></p>
    </section>
  );
}

export function Say({ call }: { call: boolean }) {
  const name = firstNameOf(me());
  const org = session().org.name;
  const say = [t(call ? 'phone.say.hello_call' : 'phone.say.hello', { name, org }), t('phone.say.who'), t('phone.say.help')];
  const not = [t('phone.say.not_others'), t('phone.say.not_threat'), t('phone.say.not_scold')];
  return (
    <section class="card stack">
      <h2>{t('phone.say.title')}</h2>
      <ul class="say">{say.map((s) => <li key={s}><Icon name="check" /><span>{s}</span></li>)}</ul>
      <h2>{t('phone.say.not_title')}</h2>
      <ul class="say is-not">{not.map((s) => <li key={s}><Icon name="x" /><span>{s}</span></li>)}</ul>
    </section>
  );
}

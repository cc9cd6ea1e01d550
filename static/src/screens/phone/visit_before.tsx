// What one needs before ringing the bell: where, who, why, and what to say.
import { daysBetween, go, Icon, Link, longDay, me, moment, now, session, t, Time } from '../../ui';
import { capital, lower } from './when';
import { companions, firstNameOf, floorOf, isProtected, jointText, nameOf, namesOf, type Visit } from './contacts';
import { isCall } from './outcomes';
import { languageName } from './language';
import { agreement, Faces, mapLink, ReasonChips, rentText, tel } from './parts';
import { reasonsOf, whySentence } from './reasons';
import type { Moved as MovedValue } from '../../schema.gen';
import type { Rec } from '../../core/api';

export function Arrival({ visit }: { visit: Visit }) {
  const { household } = visit;
  const floor = floorOf(household);
  const hint = String(household?.f.door_hint ?? '').trim().replace(/\.$/, '');
  const where = floor && hint ? `${floor}, ${lower(hint)}` : floor || hint;
  const flat = household?.f.apartment ? t('phone.visit.apartment', { n: household.f.apartment }) : '';
  return (
    <section class="stack">
      {isProtected(household) && (
        <p class="banner"><Icon name="lock" /><span><b>{t('phone.protected')}</b>{t('phone.visit.protected')}</span></p>
      )}
      <div class="stack tight">
        <h1>{household?.f.street ?? t('phone.household_gone')}</h1>
        {(where || flat) && <p>{[where, flat].filter(Boolean).join('. ')}</p>}
      </div>
      <Keys visit={visit} />
      <Moved contact={visit.contact} />
      <Together contact={visit.contact} />
      <Tiles visit={visit} />
    </section>
  );
}

/** Door code, time, and who goes along: what is read at arm's length. */
function Keys({ visit: { contact, household } }: { visit: Visit }) {
  const people: string[] = [me(), ...companions(contact, me())];
  const planned = contact.f.planned_at as number | undefined;
  const today = planned ? daysBetween(now(), planned) === 0 : true;
  return (
    <dl class="card keys">
      {household?.f.door_code && !isCall(contact) && <div><dt>{t('phone.visit.code')}</dt><dd class="code">{household.f.door_code}</dd></div>}
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
  const phone = tenants.find((p) => p.f.phone)?.f.phone as string | undefined;
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
  if (!household?.f.safety) return null;
  return (
    <p class="banner is-soon"><Icon name="shield" /><span><b>{t('phone.visit.safety')}</b>{household.f.safety}</span></p>
  );
}

export function Facts({ visit: { household, kase, tenants } }: { visit: Visit }) {
  const rows: [string, preact.ComponentChildren][] = [
    [t('phone.facts.household'), peopleText(household)],
    ...tenants.filter((p) => p.f.phone).map((p): [string, preact.ComponentChildren] => [
      tenants.length > 1 ? t('phone.facts.phone_of', { name: String(p.f.name).split(' ')[0] }) : t('phone.facts.phone'),
      <a href={tel(p.f.phone)}><bdi dir="ltr">{p.f.phone}</bdi></a>,
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
      <p>{sentence} <Link to="/why/method">{t('phone.why.link')}</Link></p>
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

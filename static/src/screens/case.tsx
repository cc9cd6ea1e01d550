// One case: what is the next step?
import { useState } from 'preact/hooks';
import { core, Gone, Icon, t } from './desk/env';
import { ItemState, Page } from './desk/page';
import { AlertBanner } from './desk/alert';
import { About } from './desk/about';
import { Ahead } from './desk/ahead';
import { DebtTable } from './desk/debt';
import { conflictsOf, fileOf, isAhead, ofCase, peopleOf, type File } from './desk/files';
import { eventsOf, Log } from './desk/history';
import { Household, People, Protection } from './desk/household';
import { Kept } from './desk/kept';
import { NoteField, useNoteText } from './desk/note';
import { Why } from './desk/panel';
import { Reasons } from './desk/parts';
import { isSocial, writes, whenWord } from './desk/words';
import { AnswerAgain } from './desk/answer';
import { outcomeOf } from './phone/outcomes';
import { fieldOf, numberOf } from './phone/conflicts';
import { mayFetch } from './phone/contacts';
import { Left } from './phone/not_saved';
import { Net, tel } from './phone/parts';
import { Photo } from './phone/photos';
import type { Rec } from '../core/api';
import type { ScreenProps } from '../ui/router';

/** Which short form is open: "plan", "move:…", "answer:…", "person:…", "household", "protect", "about"; one at a time. A link may ask for one: ?form=plan. */
export interface Forms {
  open: string | null;
  show(name: string | null): void;
}

export default function Case({ params: { id }, query }: ScreenProps) {
  const kase = core.get('case', id);
  const [open, show] = useState<string | null>(() => query.get('form') ?? (kase ? begun(kase) : null));
  const note = useNoteText(id);
  const back = { href: '/cases', text: t('desk.cases.title') };
  if (!kase) return <Page at="/cases" title={t('desk.case.title')} back={back}><h1 class="sr">{t('desk.case.title')}</h1><Gone />{core.whole() && <Left name={`case-note:${id}`} />}</Page>;
  const file = fileOf(kase);
  const rooms = ofCase('room', id);
  const forms: Forms = { open, show };
  const alerts = ofCase('alert', id).sort((a, b) => b.f.raised - a.f.raised);
  const alarm = alerts.find((a) => !a.f.seen) ?? alerts[0];
  const calm = !open && !note && !(alarm && !alarm.f.seen); // then planning is what one does here
  return (
    <Page at="/cases" title={t('desk.case.title')} back={back}>
      <Heading file={file} />
      <Net />
      {alarm && <AlertBanner alert={alarm} kase={kase} primary={!open && !note} />}
      <Conflicts household={kase.f.household} />
      <div class="split case">
        <div class="stack wide">
          <Reasons reasons={file.reasons} />
          <Ahead file={file} forms={forms} primary={calm} told={Boolean(alarm && !alarm.f.seen)} />
          {rooms.map((r) => <SharedLink key={r.id} room={r} />)}
          {rooms.length === 0 && ofCase('consent_mark', id).length > 0 && writes() && <p><a class="link" href={`/case/${id}/withdraw`}>{t('desk.withdraw')}</a></p>}
          {rooms.length === 0 && !isSocial() && writes() && <p><a class="link" href={`/case/${id}/shared`}>{t('desk.shared.none')}</a></p>}
          {writes() && <NoteField kase={kase} primary={!open} />}
          <History file={file} forms={forms} />
        </div>
        <div class="stack wide">
          <People file={file} forms={forms} />
          <Household file={file} forms={forms} />
          <Protection file={file} forms={forms} />
          <DebtTable kase={kase} />
          {kase.f.status !== 'closed' && <Why file={file} />}
          <About file={file} forms={forms} />
        </div>
      </div>
    </Page>
  );
}

/** The form that was begun before the phone was locked or died stands open again. */
function begun(kase: Rec): string | null {
  const { household } = kase.f;
  const drafts = [
    ['plan', `plan:${kase.id}`], ['household', `household:${household}`],
    ...ofCase('contact', kase.id).filter(isAhead).map((c) => [`move:${c.id}`, `move:${c.id}`]), ...peopleOf(household).map((p) => [`person:${p.id}`, `person:${p.id}`]),
  ];
  return drafts.find(([, key]) => core.draft(key).text.peek())?.[0] ?? null;
}

function Heading({ file }: { file: File }) {
  const { kase, household } = file;
  const phone = numberOf(file.tenants);
  return (
    <header class="stack tight">
      <h1>{file.hidden ? <><Icon name="lock" /> {t('desk.hidden')}</> : file.place}</h1>
      {!file.hidden && <p class="names">{file.names}</p>}
      {phone && !file.hidden && <p class="phone-only"><a class="btn" href={tel(phone)}><Icon name="phone" small />{t('desk.panel.call')}</a></p>}
      {file.hidden && household && mayFetch() && (
        <p><a class="btn is-small" href={`/protected/${household.id}`}><Icon name="lock" small />{t('phone.protected_show')}</a></p>
      )}
      {kase.f.status === 'closed' && (
        <p class="banner is-good"><Icon name="check" /><span>{t('desk.case.closed', { because: kase.f.closed_because ? t(`desk.closed.${kase.f.closed_because as 'paid'}`) : '' })}</span></p>
      )}
      <ItemState record={kase.id} />
    </header>
  );
}

/** The way to what is shared with the other organisation. */
function SharedLink({ room }: { room: Rec }) {
  const key = room.f.state === 'open' ? 'open' : room.f.notice ? 'notice' : 'closed';
  return (
    <a class="banner" href={`/case/${room.f.case}/shared`}>
      <Icon name="eye" />
      <span class="grow"><b>{t('desk.shared.title', { other: room.f.other_name })}</b>{t(`desk.shared.${key}`)}</span>
      <Icon name="right" flip />
    </a>
  );
}

/** Two answers to one thing: both are saved, somebody chooses. */
function Conflicts({ household }: { household: string }) {
  const open = conflictsOf(household).filter((c) => c.f.state === 'open');
  if (open.length === 0) return null;
  return (
    <>
      {open.map((c) => (
        <a key={c.id} class="banner is-soon" href={`/conflict/${c.id}`}>
          <Icon name="split" />
          <span class="grow"><b>{t(c.f.field === 'outcome' ? 'desk.conflict.outcome' : 'desk.conflict.other')}{fieldOf(c)}</b>{t('desk.conflict.choose')}</span>
          <Icon name="right" flip />
        </a>
      ))}
    </>
  );
}

function History({ file, forms }: { file: File; forms: Forms }) {
  const { kase } = file;
  const settled = conflictsOf(kase.f.household).filter((c) => c.f.state === 'settled');
  return (
    <section class="stack">
      <h2>{t('desk.log.title')}</h2>
      <div class="card log-card">
        <Log events={eventsOf(kase)} picture={(photo) => <Photo photo={photo} plain />} act={(e) => (e.rec.kind === 'contact' && outcomeOf(e.rec) && writes() ? <AnswerAgain contact={e.rec} forms={forms} /> : null)} />
      </div>
      <Kept kase={kase} />
      {settled.map((c) => c.f.settled && (
        <p key={c.id} class="small soft"><a href={`/conflict/${c.id}`}>{t('desk.conflict.settled', { when: whenWord(c.f.settled.at) })}</a></p>
      ))}
    </section>
  );
}

// What one writes while one is there: ticks, consent, the note.
import { core, Icon, Link, me, StepLine, t, Time, WhoSees } from '../../ui';
import { nameOf, type Visit } from './contacts';
import { isCall } from './outcomes';
import { agreement, whoSees } from './parts';
import type { Change, Draft, Rec } from '../../core/api';

const ticks = ['presented', 'children', 'leaflet', 'consent'] as const;

/** Each tick is a commit of its own, so that a battery can die between two of them. */
export function Ticks({ visit: { contact, household }, save }: { visit: Visit; save: (c: Change[]) => Promise<string | null> }) {
  const shown = ticks.filter((id) =>
    id === 'children' || id === 'leaflet' ? household?.f.children === true : id !== 'consent' || !isCall(contact));
  const set = (id: string, on: boolean) =>
    save([{ kind: 'contact', record: contact.id, fields: { [`tick_${id}`]: on } }]);
  return (
    <section class="stack">
      <h2 id="ticks">{t(isCall(contact) ? 'phone.ticks.title_call' : 'phone.ticks.title')}</h2>
      <fieldset class="card is-flush rows" aria-labelledby="ticks">
        {shown.map((id) => (
          <label key={id} class="tick">
            <input type="checkbox" checked={contact.f[`tick_${id}`] === true} onChange={(e) => set(id, e.currentTarget.checked)} />
            <span>{t(`phone.ticks.${id}`)}</span>
          </label>
        ))}
      </fieldset>
    </section>
  );
}

/** The way to the consent, what this phone may still know of one that was collected, and
 *  the way to take it back, whatever the phone knows. */
export function Consent({ contact }: { contact: Rec }) {
  const mark = core.list('consent_mark').value
    .filter((m) => m.f.household === contact.f.household)
    .sort((a, b) => b.f.at - a.f.at)[0];
  const to = `/visit/${contact.id}/consent`;
  if (!agreement()?.f.wording) return null;
  return (
    <section class="stack">
      {!isCall(contact) && (
        <Link class="card row is-mid is-link" to={to}>
          <Icon name="sign" accent />
          <span>
            <b>{t(mark ? `phone.consent.${mark.f.answer as 'given'}` : 'phone.consent.open')}</b>
            <span class="soft">{mark ? <>{nameOf(mark.f.by)} <Time at={mark.f.at} /></> : t('phone.consent.open_text')}</span>
          </span>
          <Icon name="right" flip />
        </Link>
      )}
      <Link class="link" to={`/visit/${contact.id}/withdraw`}>{t('phone.consent.back')}</Link>
    </section>
  );
}

interface NoteProps {
  contact: Rec;
  draft: Draft;
  writing: boolean;
  save: () => Promise<boolean>;
}

/** Kept while one types; a record of its own once it is saved. */
export function Note({ contact, draft, writing, save }: NoteProps) {
  const notes = core.list('note').value.filter((n) => n.f.contact === contact.id).sort((a, b) => a.f.at - b.f.at);
  return (
    <section class="stack">
      {notes.map((n) => <Written key={n.id} note={n} />)}
      <div class="field">
        <label for="note"><span class="h">{t(notes.length ? 'phone.note.more' : 'phone.note.title')}</span></label>
        <p class="hint" id="note-hint">{t('phone.note.hint')}</p>
        <WhoSees row="note">{whoSees(contact)}</WhoSees>
        <textarea class="input" autocomplete="off" id="note" maxLength={20000} aria-describedby="note-hint note-state"
          value={draft.text.value} onInput={(e) => draft.set(e.currentTarget.value)} />
      </div>
      <div class="cluster apart" id="note-state">
        <StepLine step={writing ? draft.step.value : null} />
        {writing && <button class="btn is-small" type="button" onClick={save}>{t('phone.note.save')}</button>}
      </div>
    </section>
  );
}

function Written({ note }: { note: Rec }) {
  return (
    <article class="card stack tight">
      <p class="small soft">{note.f.by === me() ? t('phone.note.by_me') : t('phone.note.by', { name: nameOf(note.f.by) })} <Time at={note.f.at} /></p>
      <p class="written">{note.f.text}</p>
      <StepLine step={core.stepOf(note.id).value} />
    </article>
  );
}

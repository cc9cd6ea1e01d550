// Work that the server could not save: what happened, what is kept, what one can do.
import { core, go, Icon, reasonText, t } from '../../ui';
import { useState } from 'preact/hooks';
import { isProtected, placeOf, visitOf } from './contacts';
import { outcomeText } from './outcomes';
import type { Item } from '../../core/api';

export function NotSaved({ items }: { items: Item[] }) {
  if (items.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t('phone.refused.title')}</h2>
      {items.map((item) => <Refused key={item.commit} item={item} />)}
    </section>
  );
}

/** What the server turned down of what was written on a contact: it does not vanish from where it was written. */
export const refusedOf = (contact: string): Item[] =>
  core.items.value.filter((i) => i.step.step === 'refused' && i.changes.some((c) => c.record === contact || c.fields.contact === contact));

function Refused({ item }: { item: Item }) {
  const [copied, setCopied] = useState(false);
  const [sure, setSure] = useState(false);
  const { kind, fields } = item.changes[0] ?? { kind: '', fields: {} };
  const text = typeof fields.text === 'string' ? fields.text : '';
  const place = placeFor(item);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  /** The text goes back where it was written, to be put right and saved anew. */
  const correct = () => {
    const draft = core.draft(`note:${fields.contact as string}`);
    if (!draft.text.value.includes(text)) draft.set([draft.text.value, text].filter(Boolean).join('\n'));
    go(`/visit/${fields.contact as string}`);
  };
  return (
    <article class="card stack">
      <div class="stack tight">
        <h3>{place ? t('phone.refused.about', { what: t(whatKey(kind)), place }) : t(whatKey(kind))}</h3>
        <p>{reasonText(item.step.code ?? '', item.step.sentence)} {t('phone.refused.kept')}</p>
      </div>
      {text && <blockquote class="soft written">”{text.length > 300 ? text.slice(0, 300).trimEnd() + ' …' : text}”</blockquote>}
      {!text && 'outcome' in fields && <p class="soft">{outcomeText(fields.outcome as never)}</p>}
      <div class="pair">
        {kind === 'note' && typeof fields.contact === 'string' && <button class="btn is-small" type="button" onClick={correct}><Icon name="pen" small />{t('phone.refused.correct')}</button>}
        <button class="btn is-small" type="button" onClick={() => core.retry(item.commit)}><Icon name="sync" small />{t('again')}</button>
        <button class="btn is-small" type="button" onClick={() => (sure ? void core.undo(item.commit) : setSure(true))}>{t(sure ? 'phone.refused.really' : 'phone.refused.remove')}</button>
        {text && <button class="btn is-small" type="button" onClick={copy}>{t(copied ? 'phone.refused.copied' : 'phone.refused.copy')}</button>}
      </div>
    </article>
  );
}

type What = 'phone.what.note' | 'phone.what.contact' | 'phone.what.consent' | 'phone.what.concern' | 'phone.what.other';

function whatKey(kind: string): What {
  if (kind === 'note' || kind === 'contact' || kind === 'concern') return `phone.what.${kind}`;
  return ['giving', 'signature', 'consent_mark', 'withdrawal'].includes(kind) ? 'phone.what.consent' : 'phone.what.other';
}

export function placeFor(item: Item): string {
  const change = item.changes[0];
  const id = change?.kind === 'contact' ? change.record : (change?.fields.contact as string | undefined);
  const contact = id ? core.get('contact', id) : undefined;
  const household = contact ? visitOf(contact).household : undefined;
  return household && !isProtected(household) ? placeOf(household) : '';
}

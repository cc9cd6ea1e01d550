// Work that the server could not save: what happened, what is kept, what one can do.
import { Banner, core, go, Icon, lang, problemText, reasonText, t } from '../../ui';
import { useRef, useState } from 'preact/hooks';
import { isProtected, placeOf, visitOf } from '../phone/contacts';
import { closedSheets, outcomeText } from '../phone/outcomes';
import { correct, formFor } from './correct';
import { wordsOf } from './words_of';
import { TakeOut } from '../takeout';
import type { Item } from '../../core/api';

export function NotSaved({ items }: { items: Item[] }) {
  if (items.length === 0) return null;
  return (
    <section class="stack">
      <div class="stack tight"><h2>{t('refused.title')}</h2><p>{t('refused.kept')}</p></div>
      {items.map((item) => <Refused key={item.commit} item={item} />)}
    </section>
  );
}

function Refused({ item }: { item: Item }) {
  const [sure, setSure] = useState(false);
  const [wrong, setWrong] = useState('');
  const going = useRef(false);
  const { kind, fields } = item.changes[0] ?? { kind: '', fields: {} };
  const text = wordsOf(item);
  const place = placeFor(item);
  const put = () => {
    const to = correct(item);
    for (const c of item.changes) closedSheets.delete(c.record); // it opens once more
    if (to) go(to);
  };
  /** One at a time: a second tap would send it twice. */
  const attempt = async (work: () => Promise<unknown>) => {
    if (going.current) return;
    going.current = true;
    setWrong('');
    await work().catch((e) => setWrong(problemText(e)));
    going.current = false;
  };
  return (
    <article class="card stack" data-commit={item.commit}>
      <div class="stack tight">
        <h3>{place ? t('refused.about', { what: t(whatKey(kind)), place }) : t(whatKey(kind))}</h3>
        <p>{why(item)}</p>
      </div>
      <Words text={text} />
      {!text && 'outcome' in fields && <p class="soft">{outcomeText(fields.outcome as never)}</p>}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
      <div class="pair">
        {formFor(item) && <button class="btn is-small" type="button" onClick={put}><Icon name="pen" small />{t('refused.correct')}</button>}
        <button class="btn is-small" type="button" onClick={() => void attempt(() => core.retry(item.commit))}><Icon name="sync" small />{t('again')}</button>
        <button class="btn is-small" type="button" onClick={() => (sure ? void attempt(() => core.undo(item.commit)) : setSure(true))}>{t(sure ? 'refused.really' : 'refused.remove')}</button>
        <Copy text={text} />
      </div>
      <HandOver item={item} />
    </article>
  );
}

/** The server's own sentence says which of the things it was, in Swedish. */
const why = ({ step: { code = '', sentence = '' } }: Item): string => (lang() === 'sv' && sentence) || reasonText(code, sentence);

export const Words = ({ text }: { text: string }) => (text ? <blockquote class="soft written">”{text.length > 300 ? text.slice(0, 300).trimEnd() + ' …' : text}”</blockquote> : null);

export function Copy({ text }: { text: string }) {
  const [said, setSaid] = useState<'copy' | 'copied' | 'copy_not'>('copy');
  if (!text) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      setSaid('copy_not'); // the browser did not let us
    }
  };
  return <button class="btn is-small" type="button" onClick={() => void copy()}><span role="status">{t(`refused.${said}`)}</span></button>;
}

/** A colleague takes notes over in their own name; what else was written only its writer can send. */
export function HandOver({ item }: { item: Item }) {
  const [open, setOpen] = useState(false);
  if (!item.changes.some((c) => c.kind === 'note' && c.fields.text)) return null;
  if (open) return <TakeOut only={item.commit} />;
  return <div><button class="link" type="button" onClick={() => setOpen(true)}><Icon name="users" small />{t('refused.hand_over')}</button></div>;
}

type What = 'refused.what.note' | 'refused.what.contact' | 'refused.what.consent' | 'refused.what.concern' | 'refused.what.other';

function whatKey(kind: string): What {
  if (kind === 'note' || kind === 'contact' || kind === 'concern') return `refused.what.${kind}`;
  return ['giving', 'signature', 'consent_mark', 'withdrawal'].includes(kind) ? 'refused.what.consent' : 'refused.what.other';
}

export function placeFor(item: Item): string {
  const change = item.changes[0];
  const id = change?.kind === 'contact' ? change.record : (change?.fields.contact as string | undefined);
  const contact = id ? core.get('contact', id) : undefined;
  const household = contact ? visitOf(contact).household : undefined;
  return household && !isProtected(household) ? placeOf(household) : '';
}

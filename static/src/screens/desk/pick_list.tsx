// Picking households for the day, those who come first on top, with the reasons.
import { useState } from 'preact/hooks';
import { Icon, n, number, t } from './env';
import { Reasons } from './parts';
import { memo } from './memo';
import { picked, pickOnly, toggle } from './picked';
import { contactWord, goers, whenWord } from './words';
import { matches } from './find';
import type { File } from './files';

const slice = 15;
const atOnce = 12; // what one walks in a day

export function PickList({ files }: { files: File[] }) {
  const [shown, setShown] = useState(slice);
  const [typed, setTyped] = useState('');
  const free = files.filter((f) => !f.next);
  const [busyToo, setBusyToo] = useState(false);
  const found = (busyToo ? files : files.filter((f) => !f.next || picked.value.has(f.kase.id)))
    .filter((f) => !typed.trim() || (f.key !== '' && matches(f.key, typed)));
  const first = free.slice(0, atOnce);
  return (
    <section class="stack" aria-labelledby="pick">
      <div class="head"><h2 id="pick">{t('desk.plan.pick')}</h2><p class="soft" role="status">{n('desk.plan.picked', picked.value.size)}</p></div>
      <div class="cluster">
        {first.length > 0 && <button class="btn" type="button" onClick={() => pickOnly(first.map((f) => f.kase.id))}>{n('desk.plan.first', first.length)}</button>}
        {picked.value.size > 0 && <button class="btn is-quiet" type="button" onClick={() => pickOnly([])}>{t('desk.plan.none')}</button>}
      </div>
      <div class="search" role="search">
        <Icon name="search" />
        <input class="input" type="search" autocomplete="off" aria-label={t('desk.cases.search')} placeholder={t('desk.cases.search')} value={typed} autoComplete="off" onInput={(e) => { setTyped(e.currentTarget.value); setShown(slice); }} />
      </div>
      {found.length === 0 ? <p class="soft">{t(files.length === 0 ? 'desk.plan.no_cases' : typed ? 'desk.plan.none_found' : 'desk.plan.all_planned')}</p> : (
        <ul class="card is-flush rows">{found.slice(0, shown).map((f) => <PickRow key={f.kase.id} file={f} on={picked.value.has(f.kase.id)} />)}</ul>
      )}
      {found.length > shown && <button class="btn is-quiet" type="button" onClick={() => setShown(shown + slice)}>{t('desk.cases.more', { n: Math.min(slice, found.length - shown), total: number(found.length) })}</button>}
      {free.length < files.length && (
        <label class="tick flat"><input type="checkbox" checked={busyToo} onChange={() => setBusyToo(!busyToo)} /><span>{n('desk.plan.busy_too', files.length - free.length)}</span></label>
      )}
    </section>
  );
}

const PickRow = memo<{ file: File; on: boolean }>(
  ({ file, on }) => (
    <li>
      <label class="tick">
        <input type="checkbox" checked={on} onChange={() => toggle(file.kase.id)} />
        <span class="stack tight">
          <span><b>{file.hidden ? t('desk.hidden') : file.names || t('desk.no_name')}</b>{!file.hidden && <small>{file.place}</small>}</span>
          <Reasons reasons={file.reasons} most={3} />
          {file.next && <small>{t('desk.plan.has', { what: contactWord(file.next), when: whenWord(file.next.f.planned_at), who: goers(file.next) })}</small>}
        </span>
      </label>
    </li>
  ),
  (a, b) => a.file === b.file && a.on === b.on,
);

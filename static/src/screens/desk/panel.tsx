// The chosen case beside the list: actions first, then why, the debt, who sees, history.
import { Icon, t } from './env';
import { Sees } from './parts';
import { DebtText } from './debt';
import { eventsOf, Log } from './history';
import type { File } from './files';
import { pick } from './picked';
import { isSocial, writes, whoSees } from './words';
import { numberOf } from '../phone/conflicts';
import { tel, whyMethod } from '../phone/parts';

export function CasePanel({ file }: { file: File }) {
  const { kase } = file;
  const name = file.hidden ? t('desk.hidden') : file.names;
  const phone = file.hidden ? undefined : numberOf(file.tenants);
  return (
    <aside class="card panel" aria-label={t('desk.panel.label', { name })}>
      <p class="sr" role="status">{t('desk.panel.shows', { name })}</p>
      <div class="stack tight">
        <h2>{file.hidden && <Icon name="lock" small />} {name}</h2>
        {!file.hidden && <p class="soft">{file.place}</p>}
      </div>
      <div class="cluster">
        <a class="btn grow" href={`/case/${kase.id}`}>{t('desk.panel.open')}</a>
        {phone && <a class="btn grow" href={tel(phone)}><Icon name="phone" small />{t('desk.panel.call')}</a>}
        {writes() && !isSocial() && kase.f.status !== 'closed' && !file.next && (
          <a class="btn grow" href="/plan" onClick={() => pick(kase.id)}>{t('desk.cases.plan')}</a>
        )}
      </div>
      {kase.f.status !== 'closed' && <Why file={file} />}
      <DebtText kase={kase} />
      {writes() && <Sees row="case">{whoSees(kase.f.unit)}</Sees>}
      <section class="stack tight">
        <h3>{t('desk.log.title')}</h3>
        <Log events={eventsOf(kase).slice(0, 6)} />
      </section>
    </aside>
  );
}

/** Why this case comes where it comes, and the rule behind it. */
export function Why({ file }: { file: File }) {
  return (
    <section class="stack tight">
      <h3>{t('desk.cases.why')}</h3>
      {file.reasons.length === 0 ? <p class="soft">{t('desk.why.none')}</p> : (
        <ol class="why">{file.reasons.map((r) => <li key={r.id}>{r.long}</li>)}</ol>
      )}
      <a class="link" href={whyMethod(file.reasons)}>{t('desk.why.rule')}</a>
    </section>
  );
}

// The list of cases: a table where there is room, rows on a phone. The whole row is the link.
import { memo } from './memo';
import { Icon, n, t } from './env';
import { Clock, Day, Reasons } from './parts';
import { conflictOn, type File } from './files';
import { contactWord, goers } from './words';

export function CaseTable({ files, chosen, onChoose }: { files: File[]; chosen?: string; onChoose: (f: File) => void }) {
  return (
    <div class="card is-flush">
      <table class="table is-cases">
        <caption class="sr">{t('desk.cases.caption')}</caption>
        <thead>
          <tr><th scope="col">{t('desk.cases.household')}</th><th scope="col">{t('desk.cases.why')}</th><th scope="col">{t('desk.cases.next')}</th></tr>
        </thead>
        <tbody>
          {files.map((file) => <CaseRow key={file.kase.id} file={file} chosen={file.kase.id === chosen} onChoose={onChoose} />)}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps { file: File; chosen: boolean; onChoose: (f: File) => void }

const CaseRow = memo<RowProps>(
  ({ file, chosen, onChoose }) => (
    <tr class={chosen ? 'is-chosen' : undefined}>
      <td>
        <a
          href={`/case/${file.kase.id}`} aria-current={chosen ? 'true' : undefined}
          onClick={(e) => { if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return; e.preventDefault(); e.stopPropagation(); onChoose(file); }}
        >
          {file.hidden ? <><Icon name="lock" small /> {t('desk.hidden')}</> : file.names || t('desk.no_name')}
        </a>
        {!file.hidden && file.place}
      </td>
      <td><Reasons reasons={file.reasons} most={3} /></td>
      <td><Next file={file} /></td>
    </tr>
  ),
  (a, b) => a.file === b.file && a.chosen === b.chosen,
);

function Next({ file }: { file: File }) {
  const { next, kase } = file;
  if (kase.f.status === 'closed')
    return <>{t('desk.next.closed')}<span class="soft sub">{kase.f.closed_because ? t(`desk.closed.${kase.f.closed_because as 'paid'}`) : ''}</span></>;
  if (!next)
    return <>{t('desk.next.nothing')}{kase.f.attempts > 0 && <span class="soft sub">{n('desk.attempts', kase.f.attempts)}</span>}</>;
  return (
    <>
      {contactWord(next)} <Clock at={next.f.planned_at} />
      <span class="soft sub"><Day at={next.f.planned_at} />{goers(next) && `, ${goers(next)}`}</span>
      {conflictOn(next.id) && <span class="sub">{t('desk.log.two_answers')}</span>}
    </>
  );
}

// Choosing the file: with the button, or by dropping it.
import { useRef, useState } from 'preact/hooks';
import { Icon, t } from './env';

export function Choose({ busy, onFile }: { busy: boolean; onFile: (file: File, partial: boolean) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [partial, setPartial] = useState(false);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    if (files?.[0] && !busy) onFile(files[0], partial);
    if (input.current) input.current.value = ''; // the same file again is a change again
  };
  return (
    <section class="stack" aria-label={t('desk.import.choose')}>
      <div
        class={over ? 'card drop is-over' : 'card drop'}
        onDragOver={(e) => { e.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => { e.preventDefault(); setOver(false); take(e.dataTransfer?.files); }}
      >
        <Icon name="upload" />
        <p id="file-hint">{t('desk.import.drop')}</p>
        <label class="btn is-primary file">
          {busy ? t('desk.import.reading') : t('desk.import.choose')}
          <input ref={input} class="sr" type="file" accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" aria-describedby="file-hint" disabled={busy} onChange={(e) => take(e.currentTarget.files)} />
        </label>
        <p class="sr" role="status">{busy ? t('desk.import.reading') : ''}</p>
      </div>
      <label class="tick flat">
        <input type="checkbox" checked={partial} onChange={() => setPartial(!partial)} />
        <span>{t('desk.import.partial')}<small>{t('desk.import.partial_hint')}</small></span>
      </label>
    </section>
  );
}

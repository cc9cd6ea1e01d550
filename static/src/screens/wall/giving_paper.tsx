// A signed consent as a PDF, made by the server: the same bytes every time.
import { useState } from 'preact/hooks';
import { fetchBytes } from '../../core/http';
import { problemText } from '../../ui';
import { saveFile } from '../../ui/save_file';
import { Icon, t } from '../desk/env';

export function GivingPaper({ giving }: { giving: string }) {
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setSaid('');
    try {
      const pdf = await fetchBytes(`/api/consents/${giving}/paper.pdf`);
      saveFile('samtycke.pdf', new Blob([pdf as BlobPart], { type: 'application/pdf' }));
      setSaid(t('received.paper.saved'));
    } catch (e) {
      setSaid(problemText(e));
    }
    setBusy(false);
  };
  return (
    <section class="card stack" aria-labelledby="paper">
      <h2 id="paper">{t('received.paper.title')}</h2>
      <p>{t('received.paper.text')}</p>
      <p role="status">{said}</p>
      <div><button class="btn" type="button" aria-disabled={busy} onClick={() => !busy && void save()}><Icon name="print" />{t('received.paper.button')}</button></div>
    </section>
  );
}

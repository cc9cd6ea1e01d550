// Pictures of a consent that was signed on paper. They are shown from memory and kept
// when the consent is: until then a closed page has lost them, and the paper is still there.
import { useEffect, useState } from 'preact/hooks';
import { core, Icon, newId, t } from '../../ui';
import type { PaperPhoto } from './consent_form';

export const mostPaperPhotos = 4; // as the server takes them

export function PaperPhotos({ files, set }: { files: File[]; set: (files: File[]) => void }) {
  return (
    <section class="stack tight" aria-labelledby="paper-photos">
      <h3 id="paper-photos">{t('consent.photo.title')}</h3>
      <p class="hint">{t('consent.photo.hint')}</p>
      {files.map((file, i) => <Taken key={`${file.name}${i}`} file={file} n={i + 1} drop={() => set(files.filter((f) => f !== file))} />)}
      {files.length < mostPaperPhotos && (
        <label class="btn file">
          <Icon name="camera" />{t(files.length ? 'consent.photo.more' : 'consent.photo.take')}
          <input class="sr" type="file" accept="image/*" capture="environment" onChange={(e) => {
            const file = e.currentTarget.files?.[0];
            if (file) set([...files, file]);
            e.currentTarget.value = ''; // the same one may be chosen again
          }} />
        </label>
      )}
    </section>
  );
}

function Taken({ file, n, drop }: { file: File; n: number; drop: () => void }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const address = URL.createObjectURL(file);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [file]);
  return (
    <div class="photo-row">
      {url && <img class="photo" src={url} alt={t('consent.photo.one', { n })} />}
      <button class="btn is-small is-quiet" type="button" onClick={drop}>{t('consent.photo.drop')}</button>
    </div>
  );
}

/** Keeps the pictures and hands them to write, which answers whether all was written. */
export function withPhotos(files: File[], write: (photos: PaperPhoto[]) => Promise<boolean>): Promise<void> {
  return core.photos.hold(async () => {
    const kept: PaperPhoto[] = [];
    const drop = () => Promise.all(kept.map((p) => core.photos.dropPaper(p.id).catch(() => undefined)));
    try {
      for (const file of files) {
        const id = newId();
        kept.push({ id, ...(await core.photos.keepPaper(file, id)) });
      }
      if (!(await write(kept))) await drop();
    } catch (e) {
      await drop();
      throw e;
    }
  });
}

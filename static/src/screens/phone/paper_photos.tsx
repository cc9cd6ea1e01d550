// Pictures of a consent that was signed on paper. From the moment they are taken they lie on
// the phone, sealed; what goes to the server is made of them when the consent is said.
import { core, newId, t } from '../../ui';
import { ChoosePicture } from './choose_picture';
import { pictureOf, take, throwAway, usePicture } from './unsaved_picture';
import type { PaperPhoto } from './consent_form';

export const mostPaperPhotos = 4; // as the server takes them

/** `ids`: those that stand in the form. */
export interface Papers { ids: string[]; add: (id: string) => void; drop: (id: string) => void }

export function PaperPhotos({ ids, add, drop }: Papers) {
  return (
    <section class="stack tight" aria-labelledby="paper-photos">
      <h3 id="paper-photos">{t('consent.photo.title')}</h3>
      <p class="hint">{t('consent.photo.hint')}</p>
      {ids.map((id, i) => <Taken key={id} id={id} n={i + 1} drop={() => drop(id)} />)}
      {ids.length < mostPaperPhotos && (
        <ChoosePicture take={t(ids.length ? 'consent.photo.more' : 'consent.photo.take')} onFile={(file) => add(take(file).id)} />
      )}
    </section>
  );
}

function Taken({ id, n, drop }: { id: string; n: number; drop: () => void }) {
  const { url } = usePicture(id, drop);
  const away = () => {
    drop();
    void throwAway(id);
  };
  return (
    <div class="photo-row">
      {url && <img class="photo" src={url} alt={t('consent.photo.one', { n })} />}
      <button class="btn is-small is-quiet" type="button" onClick={away}>{t('consent.photo.drop')}</button>
    </div>
  );
}

/** Keeps the pictures and hands them to write, which answers whether all was written. */
export function withPhotos(ids: string[], write: (photos: PaperPhoto[]) => Promise<boolean>): Promise<void> {
  return core.photos.hold(async () => {
    const kept: PaperPhoto[] = [];
    const drop = () => Promise.all(kept.map((p) => core.photos.dropPaper(p.id).catch(() => undefined)));
    try {
      for (const unsaved of ids) {
        const id = newId();
        kept.push({ id, ...(await core.photos.keepPaper(await pictureOf(unsaved), id)) });
      }
      if (!(await write(kept))) await drop();
    } catch (e) {
      await drop();
      throw e;
    }
  });
}

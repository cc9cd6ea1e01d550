// Pictures of a consent that was signed on paper: those that its evidence names.
import { useEffect, useState } from 'preact/hooks';
import { core, t } from '../desk/env';
import { grouped } from '../desk/files';
import type { Rec } from '../../core/api';

export function PaperPhotos({ giving }: { giving: Rec }) {
  const named = (giving.f.photos ?? []) as string[];
  const there = grouped('paper_photo', 'giving').get(giving.id) ?? [];
  const photos = named.flatMap((hash) => there.find((p) => p.f.hash === hash) ?? []);
  return photos.length > 0 ? (
    <section class="stack tight" aria-labelledby="paper-photos">
      <h2 id="paper-photos">{t('received.photo.title')}</h2>
      {photos.map((p, i) => <Photo key={p.id} id={p.id} n={i + 1} />)}
    </section>
  ) : null;
}

/** Fetched when somebody asks for it: looking at it stands in the log. */
function Photo({ id, n }: { id: string; n: number }) {
  const [url, setUrl] = useState('');
  const [gone, setGone] = useState(false);
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  const show = () => core.photos.picture(id).then((picture) => { setGone(false); setUrl(URL.createObjectURL(picture)); }, () => setGone(true));
  if (url) return <img class="photo" src={url} alt={t('received.photo.one', { n })} />;
  return (
    <div class="stack tight">
      <div><button class="btn is-small" type="button" onClick={() => void show()}>{t('received.photo.show', { n })}</button></div>
      <p role="status">{gone && t('received.photo.not_yet')}</p>
    </div>
  );
}

// A picture of a paper that was signed: opened by the fetch, and in this page's memory alone.
import { useEffect, useState } from 'preact/hooks';
import { Banner, t } from '../../ui';
import { fetchBytes } from '../../core/http';
import { wordsOf } from './ask';

export function Picture({ root, reading, id, n }: { root: string; reading: string; id: string; n: number }) {
  const [url, setUrl] = useState('');
  const [wrong, setWrong] = useState('');
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  const show = async () => {
    setWrong('');
    try {
      const jpeg = await fetchBytes(`/api/protected/${encodeURIComponent(root)}/photos/${encodeURIComponent(id)}`, { reading });
      setUrl(URL.createObjectURL(new Blob([jpeg as BlobPart], { type: 'image/jpeg' })));
    } catch (err) {
      setWrong(wordsOf(err, t('protected.picture_offline')));
    }
  };
  return (
    <section class="card stack tight">
      <h2>{t('protected.picture', { n })}</h2>
      {url ? <img class="photo" src={url} alt={t('protected.picture_alt', { n })} />
        : <div><button class="btn is-small" type="button" onClick={() => void show()}>{t('protected.picture_show')}</button></div>}
      {wrong && <Banner icon="info" kind="soon" live>{wrong}</Banner>}
    </section>
  );
}

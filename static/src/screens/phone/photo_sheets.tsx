// The sheets of pictures: the one that was just taken, and one shown whole.
import { core, newId, now, Sheet, t, Time, WhoSees } from '../../ui';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem, type Rec } from '../../core/api';
import { nameOf } from './contacts';
import { Trouble, whoSees } from './parts';
import { photoWords, small } from './photos';

/** The picture that was just taken: what it shows, and whether it is kept. */
export function Taken({ contact, file, close }: { contact: Rec; file: File; close: () => void }) {
  const [caption, setCaption] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const url = useObjectURL(file);
  const save = async () => {
    setBusy(true);
    try {
      const { household, case: kase } = contact.f;
      await core.photos.add({ household, case: kase, contact: contact.id }, caption.trim(), file, newId(), now());
      close();
    } catch (e) {
      setProblem(e instanceof Problem ? e : new Problem('unknown'));
      setBusy(false);
    }
  };
  return (
    <Sheet title={t('phone.photo.title_one')} onClose={close}>
      <Trouble problem={problem} />
      {url && <img class="photo" src={url} alt="" />}
      <div class="field">
        <label for="caption">{t('phone.photo.caption')}</label>
        <p class="hint" id="caption-hint">{t('phone.photo.hint')}</p>
        <input class="input" id="caption" maxLength={200} aria-describedby="caption-hint" value={caption} onInput={(e) => setCaption(e.currentTarget.value)} />
      </div>
      <WhoSees row="photo">{whoSees(contact)}</WhoSees>
      <section class="bar">
        <button class="btn" type="button" onClick={close}>{t('phone.photo.drop')}</button>
        <button class="btn is-primary" type="button" disabled={busy} onClick={save}>{t('phone.photo.save')}</button>
      </section>
    </Sheet>
  );
}

/** The whole picture, from this phone or the server. */
export function Whole({ photo, close }: { photo: Rec; close: () => void }) {
  const [url, setUrl] = useState('');
  const [gone, setGone] = useState('');
  useEffect(() => {
    let address = '';
    let left = false;
    core.photos.address(photo.id).then(
      (a) => (left ? URL.revokeObjectURL(a) : setUrl((address = a))),
      (e) => setGone(e instanceof Problem && e.code === 'offline' ? 'phone.photo.offline' : 'phone.photo.not_yet'),
    );
    return () => {
      left = true;
      if (address) URL.revokeObjectURL(address);
    };
  }, [photo.id]);
  return (
    <Sheet title={photoWords(photo)} onClose={close}>
      <p class="small soft">{nameOf(photo.f.by)} <Time at={photo.f.at} /></p>
      <img class="photo" src={url || small(photo)} alt={photoWords(photo)} />
      {gone && <p role="status">{t(gone as 'phone.photo.offline')}</p>}
      <section class="bar"><button class="btn is-primary" type="button" onClick={close}>{t('phone.photo.close')}</button></section>
    </Sheet>
  );
}

/** An address for what was chosen, for as long as it is shown. */
function useObjectURL(file: Blob): string {
  const url = useRef('');
  const [shown, setShown] = useState('');
  useEffect(() => {
    setShown((url.current = URL.createObjectURL(file)));
    return () => URL.revokeObjectURL(url.current);
  }, [file]);
  return shown;
}

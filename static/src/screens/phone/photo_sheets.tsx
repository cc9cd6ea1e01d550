// The sheets of pictures: the one that was just taken, and one shown whole.
import { core, now, Sheet, StepLine, t, Time, WhoSees } from '../../ui';
import { useBegun } from '../../ui/begun';
import { useEdit } from '../../ui/draft';
import { useEffect, useState } from 'preact/hooks';
import { Problem, type Rec } from '../../core/api';
import { nameOf } from './contacts';
import { Trouble, whoSees } from './parts';
import { photoDraft, photoWords, small } from './photos';
import { savedAs, take, throwAway, usePicture } from './unsaved_picture';

/** The picture that was just taken: what it shows, and whether it is saved. Until that is
 *  said it is a draft: a lock or a dead battery does not take it. Without a file it is the
 *  one that was taken before. */
export function Taken({ contact, file, close }: { contact: Rec; file: File | null; close: () => void }) {
  const { values, set, clear, step } = useEdit(photoDraft(contact), { id: '', caption: '' });
  const { caption } = values;
  const [fresh] = useState(() => file && take(file));
  const id = fresh?.id ?? values.id;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [kept, setKept] = useState(!fresh);
  useBegun(true); // until it is saved or dropped
  useEffect(() => void fresh?.kept.then((here) => {
    setKept(here);
    if (here) set({ id });
  }), []);
  const gone = async () => {
    await throwAway(id);
    await clear();
    close();
  };
  const { picture, url } = usePicture(id, () => void gone());
  // Saved, and the phone died before the draft was put away: it is not offered again.
  const isSaved = () => core.get('photo', savedAs(id)) !== undefined;
  useEffect(() => void (isSaved() && gone()), []);
  const save = async () => {
    setBusy(true);
    try {
      const { household, case: kase } = contact.f;
      if (!isSaved()) await core.photos.add({ household, case: kase, contact: contact.id }, caption.trim(), picture!, savedAs(id), now());
      await gone();
    } catch (e) {
      setProblem(e instanceof Problem ? e : new Problem('unknown'));
      setBusy(false);
    }
  };
  return (
    <Sheet title={t('phone.photo.title_one')} onClose={() => void gone()}>
      <Trouble problem={problem} />
      {url && <img class="photo" src={url} alt="" />}
      <WhoSees row="photo">{whoSees(contact)}</WhoSees>
      <div class="field">
        <label for="caption">{t('phone.photo.caption')}</label>
        <p class="hint" id="caption-hint">{t('phone.photo.hint')}</p>
        <input class="input" id="caption" maxLength={200} autocomplete="off" aria-describedby="caption-hint" value={caption} onInput={(e) => set({ caption: e.currentTarget.value })} />
      </div>
      <StepLine step={kept ? step : null} />
      <section class="bar">
        <button class="btn" type="button" onClick={() => void gone()}>{t('phone.photo.drop')}</button>
        <button class="btn is-primary" type="button" disabled={busy || !picture} onClick={save}>{t('phone.photo.save')}</button>
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
    core.photos.picture(photo.id).then(
      (whole) => left || setUrl((address = URL.createObjectURL(whole))),
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

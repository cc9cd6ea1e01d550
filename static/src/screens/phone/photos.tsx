// Pictures of a visit: taken, seen small at once, sent after the text.
import { core, Icon, me, StepLine, t, Time } from '../../ui';
import { useState } from 'preact/hooks';
import { later } from '../../ui/later';
import type { Rec } from '../../core/api';
import { ChoosePicture } from './choose_picture';
import { nameOf } from './contacts';

// The sheets are fetched when the first one is opened.
const Taken = later(() => import('./photo_sheets'), (m) => m.Taken);
const Whole = later(() => import('./photo_sheets'), (m) => m.Whole);

/** The draft of a picture that was taken and is not saved. */
export const photoDraft = (contact: Rec): string => `photo:${contact.id}`;

/** Where one takes pictures, and those that are there. */
export function Photos({ contact }: { contact: Rec }) {
  const [file, setFile] = useState<File | null>(null);
  const taken = core.list('photo').value.filter((p) => p.f.contact === contact.id).sort((a, b) => a.f.at - b.f.at);
  return (
    <section class="stack" aria-label={t('phone.photo.title')}>
      {taken.map((p) => <Photo key={p.id} photo={p} />)}
      <ChoosePicture take={t(taken.length ? 'phone.photo.more' : 'phone.photo.take')} onFile={setFile} />
      {(file || core.draft(photoDraft(contact)).text.value) && <Taken contact={contact} file={file} close={() => setFile(null)} />}
    </section>
  );
}

/** "Lappen i brevlådan" */
export const photoWords = (p: Rec): string => p.f.caption || t('phone.photo.one');
export const small = (p: Rec): string => `data:image/jpeg;base64,${p.f.thumb}`;

/** One picture, small; a tap shows it whole. */
export function Photo({ photo, plain }: { photo: Rec; plain?: boolean }) {
  const [open, setOpen] = useState(false);
  const here = core.photos.waiting.value.includes(photo.id);
  const step = core.stepOf(photo.id).value;
  return (
    <article class={plain ? 'photo-row' : 'card photo-row'}>
      <button class="photo-open" type="button" aria-label={t('phone.photo.show', { what: photoWords(photo) })} onClick={() => setOpen(true)}>
        <img src={small(photo)} alt="" />
      </button>
      <div class="stack tight">
        {!plain && <p class="small soft">{photo.f.by === me() ? t('phone.photo.by_me') : t('phone.photo.by', { name: nameOf(photo.f.by) })} <Time at={photo.f.at} /></p>}
        {photo.f.caption && <p class="written">{photo.f.caption}</p>}
        {here && step?.step === 'saved'
          ? <p class="state" role="status"><Icon name="mobile" /><span>{t('phone.photo.waits')}</span></p>
          : <StepLine step={step} />}
      </div>
      {open && <Whole photo={photo} close={() => setOpen(false)} />}
    </article>
  );
}

// Pictures of a visit: taken, seen small at once, sent after the text.
import { core, Icon, me, StepLine, t, Time } from '../../ui';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Rec } from '../../core/api';
import { nameOf } from './contacts';

/** The sheets are fetched when the first one is opened. */
function Later<P extends object>({ of, with: props }: { of: (m: typeof import('./photo_sheets')) => ComponentType<P>; with: P }) {
  const [Sheet, setSheet] = useState<ComponentType<P> | null>(null);
  useEffect(() => void import('./photo_sheets').then((m) => setSheet(() => of(m))), []);
  return Sheet && <Sheet {...props} />;
}

/** Where one takes pictures, and those that are there. */
export function Photos({ contact }: { contact: Rec }) {
  const [file, setFile] = useState<File | null>(null);
  const taken = core.list('photo').value.filter((p) => p.f.contact === contact.id).sort((a, b) => a.f.at - b.f.at);
  return (
    <section class="stack" aria-label={t('phone.photo.title')}>
      {taken.map((p) => <Photo key={p.id} photo={p} />)}
      <label class="btn file">
        <Icon name="camera" />{t(taken.length ? 'phone.photo.more' : 'phone.photo.take')}
        <input class="sr" type="file" accept="image/*" capture="environment" onChange={(e) => {
          setFile(e.currentTarget.files?.[0] ?? null);
          e.currentTarget.value = ''; // the same one may be chosen again
        }} />
      </label>
      {file && <Later of={(m) => m.Taken} with={{ contact, file, close: () => setFile(null) }} />}
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
      {open && <Later of={(m) => m.Whole} with={{ photo, close: () => setOpen(false) }} />}
    </article>
  );
}

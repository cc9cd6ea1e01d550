// A picture that was taken and that nobody has saved yet. It lies beside the journal, sealed
// for its person alone; a draft says which one it is. It is thrown away when it is saved, or
// given up.
import { core, newId } from '../../ui';
import { useEffect, useState } from 'preact/hooks';
import { unsaved } from '../../core/api';

/** Those that were taken on this page: also where the phone had no room for them. */
const taken = new Map<string, { file: Blob; kept: Promise<boolean> }>();

/** Keeps it from now on; `kept` says when it is on the phone, or that it cannot be. */
export function take(file: Blob): { id: string; kept: Promise<boolean> } {
  const id = unsaved + newId();
  const kept = core.photos.keepPaper(file, id).then(() => true, () => false);
  taken.set(id, { file, kept });
  return { id, kept };
}

/** The id that the picture has once it is saved: the same however often that is tried. */
export const savedAs = (id: string): string => id.slice(unsaved.length);

export const pictureOf = async (id: string): Promise<Blob> => taken.get(id)?.file ?? core.photos.picture(id);

export async function throwAway(id: string): Promise<void> {
  await taken.get(id)?.kept;
  taken.delete(id);
  await core.photos.dropPaper(id).catch(() => undefined); // it was not kept
}

/** The picture and an address to show it by, for as long as it is shown; `gone` when it is not there. */
export function usePicture(id: string, gone: () => void): { picture: Blob | null; url: string } {
  const [shown, setShown] = useState<{ picture: Blob | null; url: string }>({ picture: null, url: '' });
  useEffect(() => {
    let left = false;
    let url = '';
    pictureOf(id).then((picture) => left || setShown({ picture, url: (url = URL.createObjectURL(picture)) }), () => left || gone());
    return () => {
      left = true;
      URL.revokeObjectURL(url);
    };
  }, [id]);
  return shown;
}

// A picture from the camera, or one that is on the phone already. The camera and the
// gallery hide the page: until they answer, something is begun here.
import { useState } from 'preact/hooks';
import { Icon, t } from '../../ui';
import { useBegun } from '../../ui/begun';

export function ChoosePicture({ take, onFile }: { take: string; onFile: (file: File) => void }) {
  const [away, setAway] = useState(false);
  useBegun(away);
  const field = {
    class: 'sr', type: 'file', accept: 'image/*',
    onClick: () => setAway(true),
    onCancel: () => setAway(false),
    onChange: ({ currentTarget: input }: { currentTarget: HTMLInputElement }) => {
      setAway(false);
      if (input.files?.[0]) onFile(input.files[0]);
      input.value = ''; // the same one may be chosen again
    },
  } as const;
  return (
    <div class="cluster">
      <label class="btn file"><Icon name="camera" />{take}<input {...field} capture="environment" /></label>
      <label class="btn file">{t('phone.photo.choose')}<input {...field} /></label>
    </div>
  );
}

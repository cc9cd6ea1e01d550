// What the server holds stands on the list until its person puts it away. The server
// keeps it all the same; who sees to it there is said before it goes.
import { core, problemText, t } from '../../ui';
import { useState } from 'preact/hooks';
import type { Item } from '../../core/api';

const collected = ['giving', 'signature', 'withdrawal']; // for social services

export function PutAway({ item }: { item: Item }) {
  const [asked, setAsked] = useState(false);
  const [wrong, setWrong] = useState('');
  const away = () => core.putAway(item.commit).catch((e) => setWrong(problemText(e)));
  const picture = item.changes.some((c) => core.photos.waiting.value.includes(c.record));
  return (
    <div class="stack">
      <div role="status">
        {asked && <p>{t(whoSees(item))} {picture && t('held.picture')}</p>}
        {wrong && <p>{wrong}</p>}
      </div>
      <div><button class="btn is-small" type="button" onClick={() => (asked ? void away() : setAsked(true))}>{t(asked ? 'held.really' : 'held.remove')}</button></div>
    </div>
  );
}

function whoSees({ step, changes }: Item) {
  if (changes.some((c) => collected.includes(c.kind))) return 'held.social';
  return step.code === 'scope_ended' || step.code === 'handed_in' ? 'held.work' : 'held.nobody';
}

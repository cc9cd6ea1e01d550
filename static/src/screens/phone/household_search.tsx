// Finding a household among those this phone carries, by street, name or flat.
import { core, Icon, n, t } from '../../ui';
import { useState } from 'preact/hooks';
import { householdOf, isProtected, namesOf, placeOf } from './contacts';
import type { Rec } from '../../core/api';

const Shown = 20;

interface Props {
  title: string;
  choose: (household: Rec) => void;
}

export function HouseholdSearch({ title, choose }: Props) {
  const [typed, setTyped] = useState('');
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = core.list('household').value
    .map((household) => ({ household, tenants: householdOf(household.id).tenants }))
    .filter(({ household, tenants }) => matches(household, tenants, words))
    .sort((a, b) => placeOf(a.household).localeCompare(placeOf(b.household), 'sv', { numeric: true }));
  return (
    <section class="stack">
      <div class="field">
        <label for="household"><span class="h">{title}</span></label>
        <p class="hint" id="household-hint">{t('phone.search.hint')}</p>
        <div class="search">
          <Icon name="search" />
          <input class="input" id="household" type="search" autocomplete="off" value={typed} onInput={(e) => setTyped(e.currentTarget.value)} aria-describedby="household-hint" />
        </div>
      </div>
      <p class="sr" id="household-found" role="status">{n('phone.search.found', found.length)}</p>
      {found.length === 0 && <p class="soft">{t('phone.search.none')}</p>}
      {found.length > 0 && (
        <ul class="card is-flush rows">
          {found.slice(0, Shown).map(({ household, tenants }) => (
            <li key={household.id}>
              <button class="row is-mid" type="button" onClick={() => choose(household)}>
                <Icon name={isProtected(household) ? 'lock' : 'home'} accent />
                <span><b>{placeOf(household)}</b>{!isProtected(household) && <span class="soft">{namesOf(tenants)}</span>}</span>
                <Icon name="right" flip />
              </button>
            </li>
          ))}
        </ul>
      )}
      {found.length > Shown && <p class="soft">{n('phone.search.more', found.length - Shown)}</p>}
    </section>
  );
}

/** A protected household is found by nothing but that word: that would tell who and where it is. */
function matches(household: Rec, tenants: Rec[], words: string[]): boolean {
  const open = `${household.f.street} ${household.f.floor ?? ''} ${household.f.apartment ?? ''} ${tenants.map((p) => p.f.name).join(' ')}`;
  const all = (isProtected(household) ? t('phone.protected') : open).toLocaleLowerCase();
  return words.every((w) => all.includes(w));
}

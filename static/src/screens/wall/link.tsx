// To which of one's own cases a consent or a notice belongs, and who signed.
import { useState } from 'preact/hooks';
import { Icon, me, newId, now, t } from '../desk/env';
import { openFiles, peopleOf } from '../desk/files';
import { personName } from '../desk/words';
import { Sees, Trouble, useCommit } from '../desk/parts';
import { caseOf } from './standing';
import type { Rec } from '../../core/api';

export function LinkToCase({ of, signatures }: { of: Rec; signatures: Rec[] }) {
  const linked = caseOf(of.id);
  const [kase, setKase] = useState(linked?.id ?? '');
  const [people, setPeople] = useState<Record<string, string>>({});
  const { problem, busy, write } = useCommit();
  const files = openFiles();
  const chosen = files.find((f) => f.kase.id === kase);
  const residents = chosen ? peopleOf(chosen.kase.f.household) : [];
  /** Somebody of the same name is proposed; a person decides. */
  const personOf = (s: Rec): string => people[s.id] ?? residents.find((p) => p.f.name && same(p.f.name, s.f.child || s.f.name))?.id ?? '';
  const save = async () => {
    const signers = signatures.map((s) => ({ signature: s.id, person: personOf(s) })).filter((s) => s.person);
    await write([{ kind: 'case_link', record: newId(), fields: { of: of.id, case: kase, at: now(), by: me(), ...(signers.length > 0 && { people: signers }) } }]);
  };
  const place = linked && files.find((f) => f.kase.id === linked.id);
  return (
    <form class="card stack" aria-labelledby="link" onSubmit={(e) => { e.preventDefault(); if (kase && !busy) void save(); }}>
      <h2 id="link">{t('received.link.title')}</h2>
      <p>{place ? <a class="link" href={`/case/${linked.id}`}>{t('received.link.linked', { place: place.place })}</a> : <span class="soft">{t('received.link.none')}</span>}</p>
      <div class="field">
        <label for="link-case">{t('received.link.case')}</label>
        <select class="input" id="link-case" value={kase} onChange={(e) => setKase(e.currentTarget.value)}>
          <option value="">{t('received.link.choose')}</option>
          {files.map((f) => <option key={f.kase.id} value={f.kase.id}>{[f.place, f.names].filter(Boolean).join(', ')}</option>)}
        </select>
      </div>
      <a class="link" href="/notice/new">{t('received.link.new')}</a>
      {chosen && signatures.map((s) => (
        <div key={s.id} class="field">
          <label for={`who-${s.id}`}>{t('received.link.signer', { name: s.f.child || s.f.name || t('phone.protected') })}</label>
          <select class="input" id={`who-${s.id}`} value={personOf(s)} onChange={(e) => setPeople({ ...people, [s.id]: e.currentTarget.value })}>
            <option value="">{t('received.link.nobody')}</option>
            {residents.map((p) => <option key={p.id} value={p.id}>{personName(p)}</option>)}
          </select>
        </div>
      ))}
      <Sees row="case_link">{t('received.link.sees')}</Sees>
      <Trouble problem={problem} />
      {kase && <div><button class="btn is-primary" type="submit" aria-disabled={busy}><Icon name="right" flip />{t(linked ? 'received.link.again' : 'received.link.button')}</button></div>}
    </form>
  );
}

const same = (a: unknown, b: unknown) => String(a).trim().toLocaleLowerCase() === String(b).trim().toLocaleLowerCase();

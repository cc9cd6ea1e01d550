// How the organisation's secrecy opens to others. Two of its people decide it together.
import { useState } from 'preact/hooks';
import { core, Icon, me, newId, now, t } from '../desk/env';
import { Trouble, useCommit, When } from '../desk/parts';
import { list, nameOf } from '../phone/contacts';
import { decides } from './may';
import type { Rec } from '../../core/api';

const hows = ['consent', 'after_notice'] as const;
type How = (typeof hows)[number];

/** The newest proposal that nobody has approved yet. */
function waiting(): Rec | undefined {
  const since = (core.get('secrecy', 'secrecy')?.f.since as number | undefined) ?? 0;
  const approved = new Set(core.list('secrecy_approval').value.map((a) => a.f.change));
  return core.list('secrecy_change').value.filter((c) => c.f.at > since && !approved.has(c.id)).sort((a, b) => b.f.at - a.f.at)[0];
}

export function Secrecy() {
  const set = core.get('secrecy', 'secrecy');
  const how = (set?.f.how as How | undefined) ?? 'consent';
  const proposal = decides() ? waiting() : undefined;
  return (
    <section class="card stack" aria-labelledby="secrecy">
      <h2 id="secrecy">{t('org.secrecy')}</h2>
      <p><b>{t(`org.secrecy.${how}`)}</b> {t(`org.secrecy.${how}_text`)}</p>
      {set
        ? <p class="small soft">{t('org.secrecy.decided', { people: list(((set.f.people ?? []) as string[]).map(nameOf)) })} <When at={set.f.since} /></p>
        : <p class="small soft">{t('org.secrecy.default')}</p>}
      {proposal ? <Proposal proposal={proposal} /> : decides() && <Propose other={how === 'consent' ? 'after_notice' : 'consent'} />}
    </section>
  );
}

function Propose({ other }: { other: How }) {
  const { problem, busy, write } = useCommit();
  const propose = () => write([{ kind: 'secrecy_change', record: newId(), fields: { how: other, at: now(), by: me() } }]);
  return (
    <form class="stack" onSubmit={(e) => { e.preventDefault(); if (!busy) void propose(); }}>
      <p class="banner"><Icon name="eye" /><span>{t(`org.secrecy.${other}_means`)} {t('org.secrecy.two')}</span></p>
      <Trouble problem={problem} />
      <div><button class="btn" type="submit" aria-disabled={busy}>{t(`org.secrecy.propose_${other}`)}</button></div>
    </form>
  );
}

function Proposal({ proposal }: { proposal: Rec }) {
  const { problem, busy, write } = useCommit();
  const how = proposal.f.how as How;
  const mine = proposal.f.by === me();
  const [sure, setSure] = useState(false);
  const approve = () => write([{ kind: 'secrecy_approval', record: newId(), fields: { change: proposal.id, at: now(), by: me() } }]);
  return (
    <div class="stack">
      <div class="banner is-soon">
        <Icon name="clock" />
        <div><b>{t('org.secrecy.waits', { name: nameOf(proposal.f.by) })}</b> <p>{t(`org.secrecy.${how}`)} {t(`org.secrecy.${how}_means`)} <When at={proposal.f.at} /></p></div>
      </div>
      {mine ? <p class="soft">{t('org.secrecy.another')}</p> : (
        <form class="stack" onSubmit={(e) => { e.preventDefault(); if (sure && !busy) void approve(); }}>
          <label class="tick"><input type="checkbox" checked={sure} onChange={(e) => setSure(e.currentTarget.checked)} /><span>{t('org.secrecy.sure')}</span></label>
          <Trouble problem={problem} />
          <div><button class="btn" type="submit" aria-disabled={busy || !sure}>{t('org.secrecy.approve')}</button></div>
        </form>
      )}
    </div>
  );
}

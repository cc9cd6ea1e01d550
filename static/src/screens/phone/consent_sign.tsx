// The last step of a consent: who signs, and how. Typed, said aloud and on paper are as
// good as drawn. A child has a row of its own.
import { fullDay, Icon, now, session, t } from '../../ui';
import { agreement } from './parts';
import { adultsOf, childrenOf, collectors, emptySigner, mostAdults, mostChildren, signedBy, ways, witnessed, type Signer, type Wrong } from './consent_form';
import { Line, WrongText, type StepProps } from './consent_parts';
import { PaperPhotos, type Papers } from './paper_photos';
import { Pad } from './signature_pad';
import { Both, type Beside } from './tongue';
import type { Rec } from '../../core/api';

export function Sign({ form, set, wrong, beside, contact, tenants, papers }: StepProps & { contact: Rec; tenants: Rec[]; papers?: Papers }) {
  const change = (i: number, s: Partial<Signer>) =>
    set({ ...form, signers: form.signers.map((old, j) => (i === j ? { ...old, ...s } : old)) });
  const add = (s: Signer) => set({ ...form, signers: [...form.signers, s] });
  const { place, social_name, landlord_name } = agreement()!.f;
  const landlord = session().org.kind === 'landlord';
  const named = { relatives: form.relatives, other: form.other } as Record<string, string>;
  return (
    <section class="stack wide">
      <div class="stack">
        <h1><Both beside={beside} word="sign">{t('consent.sign.title')}</Both></h1>
        <p>{t('consent.sign.chosen')} <b>{form.partners.map((p) => named[p] || t(`consent.partner.${p}`)).join(', ')}</b></p>
        <dl class="facts">
          <dt>{t('consent.sign.place')}</dt><dd>{[place, fullDay(now())].filter(Boolean).join(', ')}</dd>
          <dt>{t('consent.sign.present')}</dt><dd>{collectors(form, contact)}</dd>
        </dl>
      </div>
      {form.signers.map((s, i) => (
        <OneSigner key={i} i={i} many={form.signers.length > 1} signer={s} change={(c) => change(i, c)} wrong={wrong} beside={beside}
          remove={i > 0 ? () => set({ ...form, signers: form.signers.filter((_, j) => j !== i) }) : undefined} />
      ))}
      {witnessed(form) && (
        <Line id="witness" label={t(signedBy(form, 'oral') ? 'consent.sign.heard' : 'consent.sign.saw')} hint={t('consent.sign.witness_hint')} wrong={wrong.witness} value={form.witness} onText={(witness) => set({ ...form, witness })} />
      )}
      {signedBy(form, 'paper') && <Line id="paper" label={t('consent.sign.paper')} wrong={wrong.paper} value={form.paper} onText={(paper) => set({ ...form, paper })} />}
      {signedBy(form, 'paper') && papers && <PaperPhotos {...papers} />}
      <div class="stack tight">
        {adultsOf(form).length < mostAdults && (
          <button class="btn is-quiet" type="button" onClick={() => add(emptySigner(tenants[1]?.f.name))}><Icon name="plus" />{t('consent.sign.second')}</button>
        )}
        {childrenOf(form).length < mostChildren && (
          <button class="btn is-quiet" type="button" onClick={() => add({ ...emptySigner(form.signers[0].name, ''), how: form.signers[0].how })}><Icon name="plus" />{t('consent.sign.add_child')}</button>
        )}
      </div>
      <p class="small soft">{t(landlord ? 'consent.sign.belongs' : 'consent.sign.belongs_own', { social: social_name, landlord: landlord_name })}</p>
    </section>
  );
}

interface OneProps {
  i: number;
  many: boolean;
  signer: Signer;
  change: (s: Partial<Signer>) => void;
  wrong: Wrong;
  beside: Beside | null;
  remove?: () => void;
}

function OneSigner({ i, many, signer, change, wrong, beside, remove }: OneProps) {
  const padWrong = wrong[`pad-${i}`];
  const child = signer.child !== null;
  return (
    <fieldset class="stack">
      <legend class={many ? 'stack' : 'sr'}><h2>{t(child ? 'consent.sign.child' : 'consent.sign.person', { n: i + 1 })}</h2></legend>
      {child && <Child i={i} signer={signer} change={change} wrong={wrong} />}
      {!(child && signer.self) && (
        <Line id={`name-${i}`} label={child ? t('consent.sign.guardian_name') : <Both beside={beside} word="name">{t('consent.sign.name')}</Both>} wrong={wrong[`name-${i}`]} value={signer.name} onText={(name) => change({ name })} />
      )}
      {!child && !signer.noNumber && (
        <Line id={`number-${i}`} label={t('consent.sign.number')} hint={t('consent.sign.number_hint')} wrong={wrong[`number-${i}`]} value={signer.number} numeric onText={(number) => change({ number })} />
      )}
      {!child && (
        <label class="tick is-cell">
          <input type="checkbox" checked={signer.noNumber} onChange={(e) => change({ noNumber: e.currentTarget.checked })} />
          <span>{t('consent.sign.no_number')}</span>
        </label>
      )}
      {signer.how === 'drawn' && (
        <div class="field">
          <p><b><Both beside={beside} word="pad">{t('consent.pad.title')}</Both></b></p>
          <WrongText id={`pad-${i}-w`}>{padWrong}</WrongText>
          <Pad id={`pad-${i}`} strokes={signer.strokes} onStrokes={(strokes) => change({ strokes })} wrong={padWrong ? `pad-${i}-w` : undefined} />
        </div>
      )}
      <OtherWay i={i} signer={signer} change={change} beside={beside} />
      {remove && <button class="link" type="button" onClick={remove}>{t(child ? 'consent.sign.remove_child' : 'consent.sign.remove')}</button>}
    </fieldset>
  );
}

/** Whose row it is, and who answers for the child: its guardian, or itself when it is old enough. */
function Child({ i, signer, change, wrong }: Pick<OneProps, 'i' | 'signer' | 'change' | 'wrong'>) {
  return (
    <>
      <Line id={`child-${i}`} label={t('consent.sign.child_name')} wrong={wrong[`child-${i}`]} value={signer.child ?? ''} onText={(child) => change({ child })} />
      <fieldset class="field">
        <legend>{t('consent.sign.child_who')}</legend>
        {([false, true] as const).map((self) => (
          <label key={String(self)} class="pick">
            <input type="radio" name={`self-${i}`} checked={signer.self === self} onChange={() => change({ self })} />
            <span>{t(self ? 'consent.sign.child_self' : 'consent.sign.guardian')}</span>
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** Typed, said aloud, or on paper: as good as drawn. */
function OtherWay({ i, signer, change, beside }: Pick<OneProps, 'i' | 'signer' | 'change' | 'beside'>) {
  return (
    <details class="card is-flush" open={signer.how !== 'drawn'}>
      <summary class="row"><Icon name="pen" accent /><b><Both beside={beside} word="other_way">{t('consent.way.title')}</Both></b><Icon name="down" turn /></summary>
      <div class="more stack">
        {ways.map((w) => (
          <label key={w} class="pick">
            <input type="radio" name={`how-${i}`} checked={signer.how === w} onChange={() => change({ how: w, strokes: w === 'drawn' ? signer.strokes : [] })} />
            <span><Both beside={beside} word={w}>{t(`consent.way.${w}`)}</Both></span>
          </label>
        ))}
      </div>
    </details>
  );
}

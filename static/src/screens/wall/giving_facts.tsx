// What a tenant said, as it was written down at the door.
import { t } from '../desk/env';
import { grouped } from '../desk/files';
import { dayAndClock, unitName } from '../desk/words';
import { list } from '../phone/contacts';
import { languageName } from '../phone/language';
import { showNumber } from '../phone/number_show';
import { PaperPhotos } from './paper_photos';
import { dayText } from './rooms';
import type { Rec } from '../../core/api';
import type { Strokes } from '../phone/strokes';

const signaturesOf = (giving: string) => grouped('signature', 'giving').get(giving) ?? [];

/** What the tenant said, to what, and who was there. */
export function GivingFacts({ giving }: { giving: Rec }) {
  const given = giving.f.answer === 'given';
  return (
    <>
      <dl class="facts">
        {given && <><dt>{t('desk.intake.partners')}</dt><dd>{partnersOf(giving)}</dd></>}
        <dt>{t('desk.intake.place')}</dt><dd>{[giving.f.place, dayText(giving.f.day)].filter(Boolean).join(', ')}</dd>
        {giving.f.valid_until && <><dt>{t('desk.intake.until')}</dt><dd>{dayText(giving.f.valid_until)}</dd></>}
        <dt>{t('desk.intake.by')}</dt><dd>{giving.f.collected_by}</dd>
        {giving.f.witness && <><dt>{t('desk.intake.witness')}</dt><dd>{giving.f.witness}</dd></>}
        {giving.f.original && <><dt>{t('received.original')}</dt><dd>{giving.f.original}</dd></>}
        <dt>{t('desk.intake.unit')}</dt><dd>{unitName(giving.f.unit)}</dd>
        {giving.f.proven && <><dt>{t('received.proven')}</dt><dd>{t('received.proven_text')}</dd></>}
        {giving.f.wording && <><dt>{t('desk.intake.wording')}</dt><dd>{t('desk.intake.version', { n: giving.f.wording.version, language: languageName(giving.f.wording.language) })}</dd></>}
        {giving.f.translation && <><dt>{t('received.translation')}</dt><dd>{t(giving.f.translation.reviewed ? 'received.translation_reviewed' : 'received.translation_plain', { language: languageName(giving.f.translation.language) })}</dd></>}
      </dl>
      {signaturesOf(giving.id).map((s) => <Signature key={s.id} signature={s} />)}
      <PaperPhotos giving={giving} />
    </>
  );
}

function partnersOf(giving: Rec): string {
  const ticked = (giving.f.partners ?? []) as string[];
  const named = ticked.map((p) => ((p === 'other' && giving.f.other_partner) || (p === 'relatives' && giving.f.relatives) || t(`desk.partner.${p as 'landlord'}`)));
  return list(named) || t('desk.intake.nobody');
}

function Signature({ signature: s }: { signature: Rec }) {
  return (
    <div class="stack tight">
      {s.f.how === 'drawn' && Array.isArray(s.f.strokes) && <Drawn strokes={s.f.strokes} name={s.f.name} />}
      {s.f.child && <p>{s.f.child === s.f.name ? t('received.child_self', { child: s.f.child }) : t('received.child', { child: s.f.child })}</p>}
      <p><b>{s.f.name ?? t('phone.protected')}</b>{s.f.personal_number && <span class="num"> {showNumber(s.f.personal_number)}</span>}<span class="sub small soft">{t(`desk.signed.${s.f.how as 'drawn'}`)} {dayAndClock(s.f.at)}</span></p>
    </div>
  );
}

/** The strokes as they were drawn; x and y are thousandths of the pad's width. */
function Drawn({ strokes, name }: { strokes: Strokes; name: string }) {
  const path = strokes.map((line) => line.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('')).join('');
  const bottom = Math.max(200, ...strokes.flat().map(([, y]) => y + 20));
  return (
    <svg class="signature" viewBox={`0 0 1000 ${bottom}`} role="img" aria-label={t('desk.intake.signature_of', { name })}>
      <path d={path} />
    </svg>
  );
}

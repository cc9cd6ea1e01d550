// The note for the letter box, A5, folded like a Z so that only the name shows.
import { clock, Icon, longDay, me, session, t } from '../../ui';
import { colleague, namesOf, type Visit } from './contacts';
import { useOnPaper } from './on_paper';

interface Props {
  visit: Visit;
  next: number | null;
  at: number;
}

export function LetterBoxNote(props: Props) {
  useOnPaper('paper-note', t('phone.letter.label'), () => <Paper {...props} />, [props.next, props.at]);
  return (
    <details class="card is-flush">
      <summary class="row"><Icon name="letter" accent /><b>{t('phone.letter.open')}</b><Icon name="down" turn /></summary>
      <div class="more stack">
        <Words {...props} />
        <p class="small soft">{t('phone.letter.fold')}</p>
        <button class="btn is-small" type="button" onClick={() => print()}><Icon name="print" />{t('phone.letter.print')}</button>
      </div>
    </details>
  );
}

const Paper = (props: Props) => (
  <>
    <div class="inside"><Words {...props} /></div>
    <div class="outside">{t('phone.letter.to', { name: namesOf(props.visit.tenants) || t('phone.letter.home') })}</div>
  </>
);

/** Says nothing that a stranger who opens it would learn from, beyond that we want to help. */
function Words({ visit, next, at }: Props) {
  const first = visit.tenants.filter((p) => p.f.name).map((p) => String(p.f.name).split(' ')[0]).join(` ${t('phone.letter.and')} `);
  const phone = colleague(me())?.f.phone ?? session().person.phone;
  return (
    <>
      <h2>{t('phone.letter.hello', { name: first || t('phone.letter.you') })}</h2>
      <p>{t('phone.letter.was_here', { day: longDay(at), time: clock(at) })}</p>
      <p>{t('phone.letter.call_me')}</p>
      <p class="tel"><b>{session().person.name}<br />{phone}</b></p>
      <p>{next ? t('phone.letter.back', { day: longDay(next), time: clock(next) }) : t('phone.letter.back_later')} {session().org.kind === 'landlord' && t('phone.letter.social')}</p>
      <p>{t('phone.letter.bye')}<br />{session().org.name}</p>
    </>
  );
}

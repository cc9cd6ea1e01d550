// The first two steps of a consent, as the tenant sees them: read, choose. The Swedish
// text always stands there, because it is what is signed; another language below it.
import { Banner, Icon, t } from '../../ui';
import { partners, type ConsentForm, type Partner } from './consent_form';
import { Line, paragraphs, WrongText, type StepProps } from './consent_parts';
import { Listen } from './listen';
import { agreement } from './parts';
import { Both, fillWords, offered, Other, type Beside } from './tongue';
import type { Rec } from '../../core/api';

/** Which language stands beside the Swedish. Only those that are switched on. */
export function ChooseTongue({ form, set }: { form: ConsentForm; set: (f: ConsentForm) => void }) {
  const all = offered();
  if (all.length === 0) return null;
  const pick = (tongue: string) => set({ ...form, tongue });
  return (
    <fieldset class="stack">
      <legend><h2>{t('consent.language')}</h2></legend>
      <div class="tongue-picks">
        <label class="pick"><input type="radio" name="tongue" checked={!form.tongue} onChange={() => pick('')} /><span lang="sv">Svenska</span></label>
        {all.map((o) => (
          <label key={o.language} class="pick">
            <input type="radio" name="tongue" checked={form.tongue === o.language} onChange={() => pick(o.language)} />
            <span lang={o.language} dir={o.dir}>{o.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const names = () => {
  const { social_name: social, unit_name: unit, unit_phone: phone } = agreement()!.f;
  return { social, unit, phone } as Record<string, string>;
};

function CanWithdraw({ beside }: { beside: Beside | null }) {
  const { wording } = agreement()!.f;
  return (
    <div class="banner is-good">
      <Icon name="undo" flip />
      <div class="stack tight">
        <div class="stack tight" lang={wording.language}>{paragraphs(wording.withdraw)}</div>
        {beside && <Other beside={beside} block>{paragraphs(fillWords(beside.words.wording.withdraw, names(), beside.tongue.dir))}</Other>}
      </div>
    </div>
  );
}

export function Read({ household, beside }: { household?: Rec; beside: Beside | null }) {
  const { wording, interpreter_phone: phone } = agreement()!.f;
  const other = household?.f.language && household.f.language !== wording.language;
  return (
    <>
      <section class="stack">
        <h1 lang={wording.language}>{wording.title}</h1>
        <div class="tongues">
          <div class="stack" lang={wording.language}>
            {paragraphs(wording.body)}
            <Listen text={[wording.title, wording.body, wording.withdraw].join('\n')} language={wording.language} />
          </div>
          {beside && <Translated beside={beside} />}
        </div>
      </section>
      {other && phone && <Banner icon="lang">{t('consent.interpreter', { phone })}</Banner>}
      <CanWithdraw beside={beside} />
      <p class="soft"><Both beside={beside} word="free">{t('consent.free')}</Both></p>
    </>
  );
}

/** The text once more, for understanding; and that it is no more than that. */
function Translated({ beside }: { beside: Beside }) {
  const { tongue, words } = beside;
  const [title, body, withdraw] = (['title', 'body', 'withdraw'] as const).map((part) => fillWords(words.wording[part], names(), tongue.dir));
  return (
    <Other beside={beside} block>
      <h2>{title}</h2>
      {paragraphs(body)}
      <Listen text={[title, body, withdraw].join('\n')} language={tongue.language} dir={tongue.dir} listen={words.door.listen} stop={words.door.stop} />
      <p class="small soft">{words.door.applies}{!beside.reviewed && ` ${words.door.unreviewed}`}</p>
      <p class="small soft" lang="sv" dir="ltr">{t('consent.applies')}{!beside.reviewed && ` ${t('consent.unreviewed')}`}</p>
    </Other>
  );
}

export function Choose({ form, set, wrong, beside }: StepProps) {
  const tick = (p: Partner, on: boolean) =>
    set({ ...form, partners: partners.filter((x) => (x === p ? on : form.partners.includes(x))) });
  return (
    <section class="stack">
      <h1><Both beside={beside} word="choose">{t('consent.choose.title')}</Both></h1>
      <p><Both beside={beside} word="choose_text">{t('consent.choose.text')}</Both></p>
      <WrongText id="partners-w">{wrong.partners}</WrongText>
      <fieldset class="card is-flush rows" id="partners" tabIndex={-1} aria-describedby={wrong.partners ? 'partners-w' : undefined}>
        <legend class="sr">{t('consent.choose.title')}</legend>
        {partners.map((p) => (
          <div key={p}>
            <label class="tick">
              <input type="checkbox" checked={form.partners.includes(p)} onChange={(e) => tick(p, e.currentTarget.checked)} />
              <span>{t(`consent.partner.${p}`)}{beside && <Other beside={beside}>{beside.words.partners[p]}</Other>}{p === 'landlord' && <small>{agreement()!.f.landlord_name}</small>}</span>
            </label>
            {(p === 'relatives' || p === 'other') && form.partners.includes(p) && (
              <div class="more">
                <Line id={p} label={<Both beside={beside} word="who">{t('consent.choose.who')}</Both>} wrong={wrong[p]} value={form[p]} onText={(text) => set({ ...form, [p]: text })} />
              </div>
            )}
          </div>
        ))}
      </fieldset>
      <CanWithdraw beside={beside} />
    </section>
  );
}

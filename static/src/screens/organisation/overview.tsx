// What the organisation has decided for all its people: how its secrecy opens, on what
// basis it handles personal data, and in which languages a consent is explained.
import { session, t } from '../desk/env';
import { Page } from '../desk/page';
import { Net } from '../phone/parts';
import { Languages } from './languages';
import { LegalBasis } from './legal_basis';
import { Secrecy } from './secrecy';

export default function Organisation() {
  return (
    <Page at="/more" title={t('org.title')} back={{ href: '/more', text: t('nav.more') }} reading>
      <div class="stack tight">
        <h1>{t('org.title')}</h1>
        <p class="soft">{session().org.name}</p>
      </div>
      <Net />
      <Secrecy />
      <LegalBasis />
      {session().org.kind === 'social_services' && <Languages />}
    </Page>
  );
}

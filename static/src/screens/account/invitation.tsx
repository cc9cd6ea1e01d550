// What lets somebody in, once and for a day: a square to scan, a link to send, a code to
// type. It is shown once.
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, moment, t } from '../../ui';
import { useBegun } from '../../ui/begun';
import type { Login } from './person';

export function Invitation({ name, login, done }: { name: string; login: Login; done: () => void }) {
  const [Qr, setQr] = useState<ComponentType<{ text: string; label: string }> | null>(null);
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useBegun(true);
  useEffect(() => heading.current?.focus(), []); // the form that made it is gone
  useEffect(() => void import('../../areas/qr').then((m) => setQr(() => m.Qr), () => undefined), []);
  const link = `${location.origin}/in#${login.link}`;
  return (
    <div class="card stack" role="status">
      <h2 ref={heading} tabIndex={-1}>{t('people.given', { name })}</h2>
      <p>{t('people.given_what', { when: moment(login.expires) })}</p>
      {Qr && <Qr text={link} label={t('people.square')} />}
      <p>{t('people.or_code', { place: location.host })}</p>
      <p class="words">{login.code}</p>
      <button class="btn is-block" type="button" onClick={() => void navigator.clipboard?.writeText(link).then(() => setCopied(true), () => undefined)}>
        <Icon name={copied ? 'check' : 'file'} />{t(copied ? 'people.copied' : 'people.copy')}
      </button>
      <p class="small soft">{t('people.only_them')}</p>
      <button class="btn is-block" type="button" onClick={done}>{t('people.done')}</button>
    </div>
  );
}

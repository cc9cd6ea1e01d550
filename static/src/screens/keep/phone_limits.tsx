// When the organisation's phones lock, and how long they open without the server. Its
// administrator decides; a phone is told at its next contact.
import { useState } from 'preact/hooks';
import { Banner, core, t, TextField } from '../../ui';
import { Frame, useAnswer, useTry, Wrong } from './parts';

const names = ['unused', 'hidden', 'lease'] as const;
type Limits = Record<(typeof names)[number], number>;
interface Answer { limits: Limits; most: Limits }

export default function PhoneLimits() {
  const { answer, wrong, load } = useAnswer<Answer>('/api/limits');
  return (
    <Frame title={t('limits.title')} intro={t('limits.intro')} wrong={wrong} loading={!answer}>
      {answer && <Decide answer={answer} load={load} />}
    </Frame>
  );
}

function Decide({ answer: { limits, most }, load }: { answer: Answer; load: () => Promise<void> }) {
  const [typed, setTyped] = useState(Object.fromEntries(names.map((name) => [name, String(limits[name])])));
  const [saved, setSaved] = useState(false);
  const { wrong, busy, run } = useTry(load);
  const fits = (name: keyof Limits) => Number(typed[name]) >= 1 && Number(typed[name]) <= most[name];
  const type = (name: string, text: string) => {
    setTyped({ ...typed, [name]: text.replace(/\D/g, '').slice(0, 3) });
    setSaved(false);
  };
  const save = (e: Event) => {
    e.preventDefault();
    if (!names.every(fits)) return;
    void run(async () => {
      await core.fetchJSON('/api/limits', { method: 'PUT', body: Object.fromEntries(names.map((name) => [name, Number(typed[name])])) });
      setSaved(true);
    });
  };
  return (
    <form class="card stack" onSubmit={save} noValidate>
      {names.map((name) => (
        <TextField
          key={name} label={t(`limits.${name}`)} hint={t(name === 'lease' ? 'limits.then_asks' : 'limits.then_locks', { most: most[name] })}
          wrong={fits(name) ? '' : t('limits.wrong', { most: most[name] })}
          value={typed[name]} onText={(text) => type(name, text)} input={{ inputMode: 'numeric' }}
        />
      ))}
      <Wrong text={wrong} />
      {saved && <Banner icon="check" kind="good" live>{t('limits.saved')}</Banner>}
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{t('limits.save')}</button></div>
    </form>
  );
}

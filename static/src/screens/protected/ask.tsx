// Why protected details are needed: asked before anything is fetched, and kept.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Banner, now, Problem, problemText, t, TextField, WhoSees } from '../../ui';

/** How long protected details stay on a screen, ms. */
export const shownFor = 5 * 60_000;

/** As the server asks for them: characters of a reason. */
const shortest = 10;
const longest = 500;

/** What went wrong with something that only the server does, in words. */
export const wordsOf = (e: unknown, offline: string): string => (e instanceof Problem ? (e.code === 'offline' ? offline : e.sentence || problemText(e)) : problemText(e));

/** They go when their time is over, and when nobody can be looking at this screen. A
 *  phone that prints hides the page for a moment: that is no reason. */
export function useGone(until: number, hide: () => void): void {
  useEffect(() => {
    if (!until) return;
    let printing = false;
    const begins = () => void (printing = true);
    const ends = () => void (printing = false);
    const away = () => document.visibilityState === 'hidden' && !printing && hide();
    const timer = setTimeout(hide, Math.max(0, until - now()));
    document.addEventListener('visibilitychange', away);
    addEventListener('pagehide', hide);
    addEventListener('beforeprint', begins);
    addEventListener('afterprint', ends);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', away);
      removeEventListener('pagehide', hide);
      removeEventListener('beforeprint', begins);
      removeEventListener('afterprint', ends);
    };
  }, [until]);
}

export interface AskProps {
  intro: string;
  hint: string; // an example of a reason
  button: string;
  hidden: boolean; // they were shown before
  children?: ComponentChildren; // what else is to be said first
  fetch: (reason: string) => Promise<void>; // rejects with a Problem
}

export function Ask({ intro, hint, button, hidden, children, fetch }: AskProps) {
  const [why, setWhy] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => scrollTo(0, 0), []); // what was shown was longer; that it is gone is said at the top
  const send = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    if ([...why.trim()].length < shortest) return setWrong(t('protected.short'));
    setBusy(true);
    setWrong('');
    await fetch(why.trim()).catch((err) => {
      setWrong(wordsOf(err, t('protected.offline')));
      setBusy(false);
    });
  };
  return (
    <form class="stack" onSubmit={send} noValidate>
      {hidden && <Banner icon="lock" live>{t('protected.gone')}</Banner>}
      {children}
      <p>{intro}</p>
      <WhoSees row="protected_reading">{t('protected.logged')}</WhoSees>
      <TextField label={t('protected.why')} hint={hint} wrong={wrong} value={why} onText={(s) => setWhy([...s].slice(0, longest).join(''))} lines />
      <div><button class="btn is-primary" type="submit" aria-disabled={busy}>{busy ? t('protected.busy') : button}</button></div>
    </form>
  );
}

// What the screens of this area share. They take nothing from other areas, so that
// what a first screen needs is not cut into more files.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Banner, core, Crumb, DeskPage, Ghost, Problem, problemText, t } from '../../ui';

export const nameOf = (id: string, otherwise = t('keep.somebody')): string => (core.get('colleague', id)?.f.name as string | undefined) ?? otherwise;

const wordsOf = (e: unknown): string => (e instanceof Problem && e.sentence ? e.sentence : problemText(e));

export interface FrameProps {
  title: string;
  intro: string;
  wrong: string;
  loading: boolean;
  children: ComponentChildren;
}

export function Frame({ title, intro, wrong, loading, children }: FrameProps) {
  return (
    <DeskPage title={title} at="/more">
      <Crumb to="/more">{t('nav.more')}</Crumb>
      <div class="stack wide reading">
        <div class="stack"><h1>{title}</h1><p>{intro}</p></div>
        {wrong && <Wrong text={wrong} />}
        {loading ? !wrong && <Ghost /> : children}
      </div>
    </DeskPage>
  );
}

export const Wrong = ({ text }: { text: string }) => (text ? <Banner icon="info" kind="soon" live>{text}</Banner> : null);

/** What the server answers at a path; `load` asks again. */
export function useAnswer<T>(path: string): { answer: T | null; wrong: string; load: () => Promise<void> } {
  const [answer, setAnswer] = useState<T | null>(null);
  const [wrong, setWrong] = useState('');
  const load = () => core.fetchJSON<T>(path).then(setAnswer, (e) => setWrong(wordsOf(e)));
  useEffect(() => {
    setAnswer(null);
    setWrong('');
    void load();
  }, [path]);
  return { answer, wrong, load };
}

/** Does something, asks anew how it stands, and says what went wrong. */
export function useTry(load: () => Promise<void>): { wrong: string; busy: boolean; run: (f: () => Promise<unknown>) => Promise<void> } {
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async (f: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setWrong('');
    await f().then(load, (e) => setWrong(wordsOf(e)));
    setBusy(false);
  };
  return { wrong, busy, run };
}

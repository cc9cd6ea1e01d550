// The small parts of the look (look/LOOK.md, "Components").
import type { ComponentChildren } from 'preact';
import { t } from '../text';
import { Icon } from './icon';

export interface BannerProps {
  icon: string;
  kind?: 'soon' | 'acute' | 'good';
  title?: ComponentChildren;
  children?: ComponentChildren; // one fact, and at most one link or button.link
  /** Read aloud when it appears: for what happens while one looks at the screen. */
  live?: boolean;
}

export function Banner({ icon, kind, title, children, live }: BannerProps) {
  return (
    <div class={kind ? `banner is-${kind}` : 'banner'} role={live ? 'status' : undefined}>
      <Icon name={icon} />
      <div class="grow">{title && <b>{title}</b>}{children}</div>
    </div>
  );
}

export function Chip({ icon, soon, children }: { icon?: string; soon?: boolean; children: ComponentChildren }) {
  return <span class={soon ? 'chip is-soon' : 'chip'}>{icon && <Icon name={icon} />}{children}</span>;
}

/** Chips in a list of their own. */
export function Chips({ children }: { children: ComponentChildren[] }) {
  return <ul class="chips">{children.map((c, i) => <li key={i}>{c}</li>)}</ul>;
}

export interface RowProps {
  to?: string; // a link when given, a button with onClick
  onClick?: () => void;
  lead?: ComponentChildren; // <Time> or <Icon>
  title: ComponentChildren;
  children?: ComponentChildren; // second line, at most two facts
  end?: ComponentChildren; // instead of the chevron
}

/** A thing in a list; the whole row is the link. */
export function Row({ to, onClick, lead, title, children, end }: RowProps) {
  const inside = (
    <>
      {lead}
      <span><b>{title}</b>{children && <span class="soft">{children}</span>}</span>
      {end ?? <Icon name="right" flip />}
    </>
  );
  const css = children ? 'row' : 'row is-mid';
  if (to) return <a class={css} href={to}>{inside}</a>;
  return onClick ? <button class={css} type="button" onClick={onClick}>{inside}</button> : <div class={css}>{inside}</div>;
}

export function Rows({ children }: { children: ComponentChildren[] }) {
  return <ul class="card is-flush rows">{children.map((c, i) => <li key={i}>{c}</li>)}</ul>;
}

export function Empty({ icon, title, children }: { icon: string; title: ComponentChildren; children?: ComponentChildren }) {
  return <div class="card empty"><Icon name={icon} /><h2>{title}</h2>{children}</div>;
}

/** Under the field that it is about: who sees this, who does not, and the row of
 *  access.md behind it ("note": what groups of fields begin with). */
export function WhoSees({ children, row }: { children: ComponentChildren; row: string }) {
  return <p class="banner" data-sees={row}><Icon name="eye" /><span>{children} <a href={`/why/access/${row}`}>{t('why')}</a></span></p>;
}

/** "Nadia Alström" as "NA"; the name itself stands beside it or is read aloud. */
export const initials = (name: string): string => {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ''].map((w) => w?.[0] ?? '').join('').toLocaleUpperCase();
};

export function Face({ name, here }: { name: string; here?: boolean }) {
  return <span class={here ? 'face is-here' : 'face'} aria-hidden="true">{initials(name)}</span>;
}

/** A list whose content is on its way. */
export function Ghost({ rows = 3 }: { rows?: number }) {
  return (
    <div class="card is-flush rows" role="status" aria-busy="true" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="row"><span class="ghost wt" /><span class="stack"><span class="ghost w6" /><span class="ghost w4" /></span></div>
      ))}
    </div>
  );
}

// Icons come from the sprite that the bundler puts into index.html, so that they
// are there offline and before anything else was fetched.
export interface IconProps {
  name: string; // without "i-"
  small?: boolean;
  flip?: boolean; // points along the line: turns in right-to-left
  turn?: boolean; // turns over when its <details> is open
  accent?: boolean;
  soon?: boolean;
  /** Only for an icon without a word beside it. */
  label?: string;
}

export function Icon({ name, small, flip, turn, accent, soon, label }: IconProps) {
  const css = ['icon', small && 's', flip && 'flip', turn && 'turn', accent && 'is-accent', soon && 'is-soon'];
  return (
    <svg class={css.filter(Boolean).join(' ')} aria-hidden={label ? undefined : 'true'} role={label ? 'img' : undefined} aria-label={label}>
      <use href={`#i-${name}`} />
    </svg>
  );
}

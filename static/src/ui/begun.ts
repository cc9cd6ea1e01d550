import { useLayoutEffect } from 'preact/hooks';
import { core } from '../core/current';

/** While `is` holds something is begun on this screen that a new version would take away. */
export function useBegun(is: boolean): void {
  useLayoutEffect(() => {
    if (!is) return;
    const begun = () => true;
    core.begun.add(begun);
    return () => void core.begun.delete(begun);
  }, [is]);
}

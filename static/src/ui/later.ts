import { h, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../text';
import { Banner } from './parts';

/** A part of a screen that is fetched once there is something for it to show. What was
 *  fetched is there at once for the next screen; that it could not be fetched is said. */
export function later<M, P extends object>(load: () => Promise<M>, of: (m: M) => ComponentType<P>, some: (props: P) => boolean = () => true): ComponentType<P> {
  let fetched: M | undefined;
  return (props) => {
    const [failed, setFailed] = useState<boolean | undefined>();
    const is = some(props);
    useEffect(() => {
      if (is && !fetched) load().then((m) => { fetched = m; setFailed(false); }, () => setFailed(true));
    }, [is]);
    if (fetched) return h(of(fetched), props);
    return is && failed ? h(Banner, { icon: 'info', kind: 'soon', live: true, title: t('error.title'), children: t('error.text') }) : null;
  };
}

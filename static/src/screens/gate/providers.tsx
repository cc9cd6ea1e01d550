// Signing in with the organisation's own identity provider, where there is one.
import { useEffect, useState } from 'preact/hooks';
import { core, problemText, t } from '../../ui';

interface Provider {
  id: string;
  name: string;
}

export function Providers({ failed }: { failed: (text: string) => void }) {
  const [list, setList] = useState<Provider[]>([]);
  useEffect(() => {
    core.fetchJSON<Provider[]>('/api/oidc').then(setList, () => undefined); // without a network there is the code
  }, []);
  const leave = async (id: string) => {
    try {
      const { url } = await core.fetchJSON<{ url: string }>(`/api/oidc/${id}`, { method: 'POST', body: {} });
      location.assign(url);
    } catch (e) {
      failed(problemText(e));
    }
  };
  if (list.length === 0) return null;
  return (
    <section class="stack">
      {list.map((p) => (
        <button key={p.id} class="btn is-big is-block" type="button" onClick={() => void leave(p.id)}>{t('gate.provider', { name: p.name })}</button>
      ))}
    </section>
  );
}

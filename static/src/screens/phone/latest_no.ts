import type { Rec } from '../../core/api';

/** The tenant's latest no in the case, or what took a consent back, as far as this phone
 *  knows; its id, as package consent names it. A landlord keeps a mark of each; social
 *  services have the answers themselves, linked to the case or under the same handle. A
 *  giving that did not know of the latest one waits until the tenant was asked again. */
export function latestNo(list: (kind: string) => Rec[], kase: string): string | undefined {
  const links = new Map<string, Rec>(); // the newest of each answer
  for (const link of [...list('case_link')].sort((a, b) => a.f.at - b.f.at)) links.set(link.f.of, link);
  const linked = list('giving').filter((g) => links.get(g.id)?.f.case === kase);
  const handles = new Set<unknown>([...(list('case').find((c) => c.id === kase)?.f.handles ?? []), ...linked.map((g) => g.f.handle)]);
  const marks = list('consent_mark').filter((m) => m.f.case === kase && (m.f.answer === 'declined' || m.f.answer === 'withdrawn'));
  const withdrawals = list('withdrawal').filter((w) => w.f.case === kase || (w.f.handle && handles.has(w.f.handle)));
  const all = [
    ...marks.map((m) => ({ id: m.f.giving ?? m.id, at: m.f.at ?? 0 })),
    ...linked.filter((g) => g.f.answer === 'declined').map((g) => ({ id: g.id, at: links.get(g.id)!.f.at ?? 0 })),
    ...withdrawals.map((w) => ({ id: w.id, at: w.f.at ?? 0 })),
  ];
  return all.sort((a, b) => b.at - a.at)[0]?.id;
}

/** The values of `/visit/:id` in a path, or null when it is another one. */
export function matchPath(pattern: string, actual: string): Record<string, string> | null {
  const want = pattern.split('/');
  const got = actual.replace(/(.)\/$/, '$1').split('/');
  if (want.length !== got.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < want.length; i++) {
    if (!want[i].startsWith(':')) {
      if (want[i] !== got[i]) return null;
      continue;
    }
    try {
      params[want[i].slice(1)] = decodeURIComponent(got[i]);
    } catch {
      return null; // not an address that we made
    }
  }
  return params;
}

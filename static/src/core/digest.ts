// Whether this phone has what it should: the hash of a record (W10 of sync/SPEC.md)
// and the sums that are compared with the server's.
import type { Check, WireRecord } from './wire';

const known = new WeakMap<WireRecord, Uint8Array>(); // a record is never written into

/** A value as the hash reads it: no spaces, the keys of objects in order. */
export function canonical(v: unknown): string {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`;
  if (typeof v !== 'object' || v === null) return JSON.stringify(v);
  const o = v as Record<string, unknown>;
  return `{${Object.keys(o).sort().map((k) => `${JSON.stringify(k)}:${canonical(o[k])}`).join(',')}}`;
}

export async function hashOf(r: WireRecord): Promise<Uint8Array> {
  let hash = known.get(r);
  if (!hash) {
    const text = `{"org":${canonical(r.org)},"id":${canonical(r.id)},"kind":${canonical(r.kind)},${r.room ? `"room":${canonical(r.room)},` : ''}"f":${canonical(r.f ?? {})},"n":${canonical(r.n ?? {})}}`;
    hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).subarray(0, 16);
    known.set(r, hash);
  }
  return hash;
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** What is asked of the server. */
export async function digest(records: WireRecord[], cursor: number): Promise<Check> {
  const kinds: Check['kinds'] = {};
  const sums = new Map<string, Uint8Array>();
  const all = new Uint8Array(16);
  for (const r of records) {
    const hash = await hashOf(r);
    let sum = sums.get(r.kind);
    if (!sum) sums.set(r.kind, (sum = new Uint8Array(16)));
    for (let i = 0; i < 16; i++) {
      sum[i] ^= hash[i];
      all[i] ^= hash[i];
    }
    kinds[r.kind] = { count: (kinds[r.kind]?.count ?? 0) + 1, sum: '' };
  }
  for (const [kind, sum] of sums) kinds[kind].sum = hex(sum);
  return { type: 'check', cursor, count: records.length, sum: hex(all), kinds };
}

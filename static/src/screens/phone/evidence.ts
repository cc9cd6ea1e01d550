import { canonical, hex } from '../../core/digest';
import type { Change } from '../../core/api';

/** What the phone notes of a consent: the hash of all that was chosen and signed, over
 *  its canonical JSON (RFC 8785). It says that nothing changed since, no more. */
export async function withEvidence([giving, ...signatures]: Change[]): Promise<Change[]> {
  const signed = (c: Change) => ({ id: c.record, fields: Object.fromEntries(Object.entries(c.fields).filter(([, v]) => v !== null && v !== undefined)) });
  const text = canonical({ giving: signed(giving), signatures: signatures.map(signed) });
  const hash = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
  return [{ ...giving, fields: { ...giving.fields, evidence: { hash, signatures: signatures.map((s) => s.record) } } }, ...signatures];
}

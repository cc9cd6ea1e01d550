import { canonical, hex } from '../../core/digest';
import { toBase64url } from '../../core/vault';
import type { Change } from '../../core/api';

/** What the phone notes of a consent: the hash of all that was chosen and signed, over
 *  its canonical JSON (RFC 8785). It says that nothing changed since, no more. `sign` is
 *  the phone's own key, which proves the browser; without it the note stands alone. */
export async function withEvidence([giving, ...rest]: Change[], sign?: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<Change[]> {
  const signatures = rest.filter((c) => c.kind === 'signature'); // a picture is in the giving by its hash
  const signed = (c: Change) => ({ id: c.record, fields: Object.fromEntries(Object.entries(c.fields).filter(([, v]) => v !== null && v !== undefined)) });
  const text = canonical({ giving: signed(giving), signatures: signatures.map(signed) });
  const hash = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
  const device = await sign?.(new TextEncoder().encode(hash)).then(toBase64url).catch(() => undefined);
  const evidence = { hash, signatures: signatures.map((s) => s.record), ...(device && { device }) };
  return [{ ...giving, fields: { ...giving.fields, evidence } }, ...rest];
}

// The tenant's own way to withdraw: a code that is made here, without a network.
// What is sent is its hash; the code itself is only shown.
import { hex } from '../../core/digest';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ten characters that people do not mix up. */
export const newCode = (): string => [...crypto.getRandomValues(new Uint8Array(10))].map((b) => letters[b & 31]).join('');

export const showCode = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;

export async function copyHash(code: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`bokvar copy ${code}`))));
}

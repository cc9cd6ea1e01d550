// The tenant's own way to withdraw: a code that is made here, without a network.
// What is sent is its hash; the code itself is only shown.
import { hex } from '../../core/digest';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const random = (length: number): string => [...crypto.getRandomValues(new Uint8Array(length))].map((b) => letters[b & 31]).join('');

/** Ten characters that people do not mix up, to type: 50 bits. */
export const newCode = (): string => random(10);

/** Twenty-six, to scan: 130 bits, which nobody guesses and which therefore never wait. */
export const newSecret = (): string => random(26);

/** What a scanned copy opens. Behind the # of an address is what no server is sent. */
export const copyAddress = (origin: string, secret: string, language = ''): string => `${origin}/withdraw${language ? `?lang=${language}` : ''}#${secret}`;

export const showCode = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;

export async function copyHash(code: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`bokvar copy ${code}`))));
}

// Passkeys as keys: the phone's own lock (finger, face, code) makes the authenticator
// give 32 bytes that nobody else can have (the PRF extension). It works offline.
import { Problem } from './api';
import { toBase64url } from './vault';

interface Made {
  credential: Uint8Array;
  prf: Uint8Array;
}

const secretOf = (c: PublicKeyCredential): Uint8Array | null => {
  const first = c.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(first as ArrayBuffer) : null;
};

/** Whether it is worth offering; whether the PRF is there shows only when it is made. */
export async function passkeysHere(): Promise<boolean> {
  return (await globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => false)) ?? false;
}

/** Makes a passkey on this phone and asks it for its secret. */
export async function make(options: PublicKeyCredentialCreationOptions, salt: Uint8Array): Promise<Made & { response: PublicKeyCredential }> {
  const extensions = { ...options.extensions, prf: { eval: { first: salt as BufferSource } } };
  const made = await ask(() => navigator.credentials.create({ publicKey: { ...options, extensions } }));
  const credential = new Uint8Array(made.rawId);
  // Many authenticators make the secret only when the passkey is used.
  const prf = secretOf(made) ?? (made.getClientExtensionResults().prf?.enabled ? await find(credential, salt) : null);
  if (!prf) throw new Problem('passkey_no_secret');
  return { credential, prf, response: made };
}

/** Uses the passkey, and returns its secret for the salt. No server is asked. */
async function find(credential: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  return (await use({ challenge: crypto.getRandomValues(new Uint8Array(32)) }, credential, salt)).prf;
}

/** Uses the passkey for a challenge of the server's. */
export async function use(options: { challenge: BufferSource }, credential: Uint8Array, salt: Uint8Array): Promise<{ prf: Uint8Array; response: PublicKeyCredential }> {
  const response = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        ...options, rpId: location.hostname, userVerification: 'required',
        allowCredentials: [{ type: 'public-key', id: credential as BufferSource }], extensions: { prf: { eval: { first: salt as BufferSource } } },
      },
    }),
  );
  const prf = secretOf(response);
  if (!prf) throw new Problem('passkey_no_secret');
  return { prf, response };
}

/** What the server may see of an answer: never the results of extensions, because the
 *  passkey's secret is among them. */
export function told(c: PublicKeyCredential): unknown {
  const r = c.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const;
  const response = Object.fromEntries(names.flatMap((name) => (r[name] ? [[name, toBase64url(new Uint8Array(r[name]!))]] : [])));
  if (r.attestationObject) delete response.authenticatorData; // it lies in the other
  return { id: c.id, rawId: c.id, type: c.type, response, clientExtensionResults: {} };
}

async function ask(f: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const got = await f().catch((e: unknown) => {
    throw new Problem(e instanceof Error && e.name === 'NotAllowedError' ? 'passkey_not_now' : 'passkey_failed');
  });
  if (!got) throw new Problem('passkey_not_now');
  return got as PublicKeyCredential;
}

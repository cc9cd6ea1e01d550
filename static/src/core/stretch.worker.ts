// Argon2id, away from the screen's own thread. It answers once and is ended: its
// memory, which held the passphrase, goes with it.
import { argon2id } from 'hash-wasm';

declare const self: DedicatedWorkerGlobalScope;

interface Order {
  passphrase: string;
  salt: Uint8Array;
  memory: number; // KiB
  passes: number;
}

self.onmessage = async (e: MessageEvent<Order>) => {
  const { passphrase, salt, memory, passes } = e.data;
  try {
    const hash = await argon2id({ password: passphrase, salt, memorySize: memory, iterations: passes, parallelism: 1, hashLength: 64, outputType: 'binary' });
    self.postMessage({ hash });
  } catch {
    self.postMessage({});
  }
};

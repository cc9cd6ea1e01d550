// How a journal lies on disk: records one after the other, each
// [u32 length][u32 sequence][payload][u32 CRC of all before it], big endian.
// A record that was cut off by a crash, and everything behind it, does not count.

const head = 8;
const tail = 4;

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const b of bytes) crc = table[(crc ^ b) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The payloads as records, numbered from `sequence` on. */
export function encodeFrames(payloads: Uint8Array[], sequence: number): Uint8Array {
  const size = payloads.reduce((sum, p) => sum + head + p.length + tail, 0);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const p of payloads) {
    view.setUint32(at, p.length);
    view.setUint32(at + 4, sequence++);
    out.set(p, at + head);
    view.setUint32(at + head + p.length, crc32(out.subarray(at, at + head + p.length)));
    at += head + p.length + tail;
  }
  return out;
}

export interface Scan {
  payloads: Uint8Array[];
  good: number; // bytes up to the first record that is not whole
  next: number; // sequence of the record that would follow
}

/** Reads records up to the first that is not whole or not the next in line. */
export function scanFrames(bytes: Uint8Array): Scan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const payloads: Uint8Array[] = [];
  let at = 0;
  let next = 0;
  while (at + head + tail <= bytes.length) {
    const length = view.getUint32(at);
    const end = at + head + length;
    if (end + tail > bytes.length) break;
    if (payloads.length > 0 && view.getUint32(at + 4) !== next) break;
    if (view.getUint32(end) !== crc32(bytes.subarray(at, end))) break;
    payloads.push(bytes.slice(at + head, end));
    next = view.getUint32(at + 4) + 1;
    at = end + tail;
  }
  return { payloads, good: at, next };
}

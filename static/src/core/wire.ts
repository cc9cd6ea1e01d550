// The messages of sync/wire (wire.go), as the phone sees them.
export const versions = [1, 2];
export const maxMessage = 256 << 10; // bytes of one message
export const maxCommit = 180 << 10; // bytes of one commit

export interface WireSet { v: unknown; b?: number }
export interface WireChange { org?: string; kind: string; record: string; fields: Record<string, WireSet> }
export interface WireCommit { id: string; after?: string[]; at: number; cursor: number; changes: WireChange[] }
export interface WireRecord { org: string; id: string; kind: string; room?: string; left?: boolean; f?: Record<string, unknown>; n?: Record<string, number> }

export interface Hello { type: 'hello'; versions: number[]; device: string; app?: string; generation?: string; cursor: number; clock: number; unsent: number; lost?: number }
export interface Welcome { type: 'welcome'; version: number; person: string; org: string; role: string; units: string[]; generation: string; epoch: number; clock: number; waiting: number; shut?: string[] }
export interface Receipt {
  type?: 'receipt';
  commit: string;
  status: 'saved' | 'held' | 'refused' | 'again';
  number?: number;
  at?: number;
  cursor?: number; // once the device is there, its own change is in the records
  code?: string;
  sentence?: string;
  conflict?: boolean;
  generation?: string; // of the server's database that gave it; noted by this phone
  away?: boolean; // held, and its person has put it away; noted by this phone
}
export interface Page { type: 'page'; epoch: number; from?: number; cursor: number; waiting: number; records: WireRecord[] }
export interface WireProblem { type: 'problem'; code: string; sentence: string; close?: boolean }
export interface Counted { count: number; sum: string }
export interface Check extends Counted { type: 'check'; cursor: number; kinds: Record<string, Counted> }
export interface Checked { type: 'checked'; cursor: number; result: string } // equal, different or later
/** Less is seen through a room than before: what came through it at another epoch goes. */
export interface Shut { type: 'shut'; room: string }
export type FromServer = Welcome | (Receipt & { type: 'receipt' }) | Page | Checked | Shut | WireProblem;

const comfortable = 32 << 10; // bytes: on a slow network each message is answered before anybody doubts

/** Packs commits, as they are sent, into messages of a comfortable size, in their order.
 *  One that is larger goes alone. */
export function packCommits(raws: string[]): string[] {
  const frame = '{"type":"commits","commits":[]}'.length;
  const out: string[][] = [];
  let size = 0;
  for (const raw of raws) {
    const bytes = byteLength(raw) + 1;
    if (out.length === 0 || size + bytes > comfortable) {
      out.push([]);
      size = frame;
    }
    out[out.length - 1].push(raw);
    size += bytes;
  }
  return out.map((raws) => `{"type":"commits","commits":[${raws.join(',')}]}`);
}

export const byteLength = (s: string): number => new TextEncoder().encode(s).length;

type Shape = Record<string, 'number' | 'string' | 'boolean' | 'list'>;

/** The keys of each message; `?` for those that may be missing. Others are passed over. */
const shapes: Record<FromServer['type'], Shape> = {
  welcome: { version: 'number', person: 'string', org: 'string', role: 'string', units: 'list', generation: 'string', epoch: 'number', clock: 'number', waiting: 'number', 'shut?': 'list' },
  receipt: { commit: 'string', status: 'string', 'number?': 'number', 'at?': 'number', 'cursor?': 'number', 'code?': 'string', 'sentence?': 'string', 'conflict?': 'boolean' },
  page: { epoch: 'number', 'from?': 'number', cursor: 'number', waiting: 'number', records: 'list' },
  checked: { cursor: 'number', result: 'string' },
  shut: { room: 'string' },
  problem: { code: 'string', sentence: 'string', 'close?': 'boolean' },
};

/** Reads a message of the server. Null for one that is not whole, or that this version does not know. */
export function readMessage(raw: string): FromServer | null {
  if (raw.length > maxMessage) return null;
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(raw);
  } catch {
    return null;
  }
  const shape = shapes[said?.type as FromServer['type']];
  if (!shape) return null;
  const out: Record<string, unknown> = { type: said.type };
  for (const [name, kind] of Object.entries(shape)) {
    const key = name.replace('?', '');
    if (said[key] === undefined && name.endsWith('?')) continue;
    if (kind === 'list' ? !Array.isArray(said[key]) : typeof said[key] !== kind) return null;
    out[key] = said[key];
  }
  return out as unknown as FromServer;
}

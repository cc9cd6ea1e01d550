// The worker on a file system of the test's own, whose writes reach the disk only by a
// flush: what a power cut leaves is what was flushed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalAnswer, JournalOrder } from './journal_messages';

class Handle {
  cached = new Uint8Array();
  onDisk = new Uint8Array();
  fails = '';
  getSize = () => this.cached.length;
  read(to: Uint8Array, { at }: { at: number }): number {
    const bytes = this.cached.subarray(at, at + to.length);
    to.set(bytes);
    return bytes.length;
  }
  write(bytes: Uint8Array, { at }: { at: number }): number {
    if (this.fails === 'write') throw new DOMException('broken', 'InvalidStateError');
    const some = this.fails === 'room' ? bytes.subarray(0, 3) : bytes;
    const all = new Uint8Array(Math.max(this.cached.length, at + some.length));
    all.set(this.cached);
    all.set(some, at);
    this.cached = all;
    return some.length;
  }
  truncate(to: number): void {
    this.cached = this.cached.slice(0, to);
  }
  flush(): void {
    if (this.fails === 'flush') throw new DOMException('broken', 'InvalidStateError');
    this.onDisk = this.cached.slice();
  }
  close(): void {}
}

const files = new Map<string, Handle>();
const dir = {
  async *keys() {
    yield* [...files.keys()];
  },
  async getFileHandle(name: string) {
    if (!files.has(name)) files.set(name, new Handle());
    const file = files.get(name)!;
    return { createSyncAccessHandle: async () => file, getFile: async () => new Blob([file.cached]) };
  },
  removeEntry: async (name: string) => void files.delete(name),
};
type Said = { answer?: JournalAnswer; error?: string };
const answers = new Map<number, (said: Said) => void>();
const worker: { onmessage?: (e: unknown) => void; postMessage: (said: Said & { id: number }) => void } = { postMessage: (said) => answers.get(said.id)!(said) };
Object.assign(globalThis, { self: worker });
Object.defineProperty(globalThis, 'navigator', { value: { storage: { getDirectory: async () => ({ getDirectoryHandle: async () => dir }) } } });
const started = import('./journal.worker');

let last = 0;
async function ask(order: JournalOrder): Promise<Said> {
  await started;
  const id = ++last;
  const said = new Promise<Said>((resolve) => answers.set(id, resolve));
  worker.onmessage!({ data: { id, order } });
  return said;
}
const line = (word: string) => new TextEncoder().encode(word);
const read = async () => ((await ask({ op: 'read' })).answer!.entries ?? []).map((e) => new TextDecoder().decode(e));
const journal = () => [...files].find(([name]) => name.startsWith('journal-'))![1];

test('nothing is called written before it is flushed, and what was flushed outlives a power cut', async () => {
  await ask({ op: 'open', tab: '0' });
  assert.ok((await ask({ op: 'append', payloads: [line('one'), line('two')] })).answer);
  const file = journal();
  file.cached = file.onDisk.slice(); // the power goes
  assert.deepEqual(await read(), ['one', 'two']);
});

for (const fails of ['flush', 'write', 'room']) {
  test(`a ${fails} that fails is said, and leaves nothing half-written before what comes next`, async () => {
    const before = await read();
    const file = journal();
    file.fails = fails;
    const said = await ask({ op: 'append', payloads: [line('lost')] });
    assert.ok(said.error, 'it was called written');
    file.fails = '';
    assert.ok((await ask({ op: 'append', payloads: [line(`after ${fails}`)] })).answer);
    file.cached = file.onDisk.slice();
    assert.deepEqual(await read(), [...before, `after ${fails}`]);
  });
}

test('a rewrite throws the old file away when the new one is on disk, not before', async () => {
  const before = await read();
  const old = journal();
  const remove = dir.removeEntry;
  dir.removeEntry = async (name) => {
    const fresh = [...files.values()].find((f) => f !== old)!;
    assert.deepEqual(fresh.onDisk, fresh.cached);
    assert.ok(fresh.onDisk.length > 0);
    return remove(name);
  };
  assert.ok((await ask({ op: 'rewrite', payloads: before.map(line) })).answer);
  dir.removeEntry = remove;
  assert.equal(files.size, 1);
  assert.notEqual(journal(), old);
  assert.deepEqual(await read(), before);
});

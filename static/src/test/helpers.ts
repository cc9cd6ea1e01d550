// What tests share: files of the repository, and a journal in memory.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/api';
import type { Journal } from '../core/journal_port';

/** The vectors of a folder of sync/testdata, by file. */
export function vectors<T>(folder: string): { name: string; vector: T }[] {
  const dir = join(process.env.BOKVAR_ROOT!, 'sync/testdata', folder);
  return readdirSync(dir)
    .filter((f) => f.endsWith('.json'))
    .map((name) => ({ name, vector: JSON.parse(readFileSync(join(dir, name), 'utf8')) as T }));
}

/** What phones and servers of released versions have said, line by line. */
export function transcripts(): { name: string; lines: ({ device: unknown } | { server: unknown })[] }[] {
  const dir = join(process.env.BOKVAR_ROOT!, 'sync/testdata/transcripts');
  return readdirSync(dir).map((name) => ({ name, lines: readFileSync(join(dir, name), 'utf8').trim().split('\n').map((line) => JSON.parse(line)) }));
}

/** A journal that keeps its lines in memory and can be made to run full. */
export class MemoryJournal implements Journal {
  readonly kind = 'indexeddb';
  lines: Uint8Array[] = [];
  full = false;
  async open() {
    return { entries: this.lines };
  }
  async read() {
    return { entries: this.lines };
  }
  async append(payloads: Uint8Array[]) {
    if (this.full) throw new Problem('phone_full');
    this.lines.push(...payloads);
    return {};
  }
  async rewrite(payloads: Uint8Array[]) {
    this.lines = [...payloads];
    return {};
  }
  async orphans() {
    return {};
  }
  async remove() {
    return {};
  }
  async keep() {
    return {};
  }
  kept = async () => undefined;
  pictures = new Map<string, Uint8Array>();
  async keepPhoto(id: string, sealed: Uint8Array) {
    if (this.full) throw new Problem('phone_full');
    this.pictures.set(id, sealed);
  }
  photos = async () => [...this.pictures.keys()];
  photo = async (id: string) => this.pictures.get(id);
  dropPhoto = async (id: string) => this.pictures.delete(id);
  stop(): void {}
}

// The pictures that are still only on this phone, and when they go up. What it takes
// to make and send them is fetched when there is one.
import { signal } from '@preact/signals-core';
import type { PhotoHost, PhotoOf } from './photos';
import { Problem } from './api';

export class PhotoShelf {
  /** Ids of records whose picture is only on this phone. */
  readonly waiting = signal<string[]>([]);
  #sending = false;
  #held = 0;

  constructor(
    private host: () => PhotoHost | null,
    private may: () => boolean, // is there a way, and is it this tab's to send?
    private changed: () => void, // for the other tabs, which look anew
  ) {}

  #need(): PhotoHost {
    const host = this.host();
    if (!host) throw new Problem('signed_out');
    return host;
  }

  add = async (of: PhotoOf, caption: string, file: Blob, id: string, at: number): Promise<string> => {
    const host = this.#need();
    const commit = await (await import('./later')).addPhoto(host, of, caption, file, id, at);
    await this.look();
    this.changed();
    return commit;
  };

  /** Keeps a picture for its person alone: of a signed paper, whose record goes with the consent, or one that nobody has saved yet. */
  keepPaper = async (file: Blob, id: string): Promise<{ size: number; hash: string }> =>
    (await import('./later')).keepPaper(this.#need(), file, id);

  dropPaper = async (id: string): Promise<void> => void (await this.#need().journal.dropPhoto(id));

  /** Nothing is sent meanwhile: a picture whose record is being written is not nobody's. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work();
    } finally {
      this.#held--;
    }
  }

  picture = async (id: string): Promise<Blob> => (await import('./later')).photo(this.#need(), id);

  /** Which pictures are here? */
  async look(): Promise<void> {
    this.waiting.value = (await this.host()?.journal.photos().catch(() => [])) ?? [];
  }

  /** Sends them, after the texts that speak of them. Called again and again. */
  async send(): Promise<void> {
    if (this.#sending || this.#held > 0 || !this.may()) return;
    this.#sending = true;
    try {
      await this.look();
      const host = this.host();
      const before = this.waiting.peek().length;
      if (!host || before === 0) return;
      await (await import('./later')).sendPhotos(host, this.may);
      await this.look(); // one may have come meanwhile
      if (this.waiting.peek().length < before) this.changed();
    } catch {
      // They stay here, and are sent another time.
    } finally {
      this.#sending = false;
    }
  }
}

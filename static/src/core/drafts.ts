// Drafts: what is being typed, in the journal at most 0.4 seconds later.
import { signal } from '@preact/signals-core';
import { Problem, type Draft, type Step } from './api';

const pace = 400; // ms between writes; what can be lost is this and a write

/** Makes drafts that are written with `write`, and starts with what was kept. */
export class Drafts {
  #made = new Map<string, Kept>();
  /** Changes when something is begun, or is no draft any more. */
  readonly turns = signal(0);

  constructor(
    private kept: Map<string, string>,
    private write: (key: string, text: string) => Promise<void>,
  ) {
    const now = () => document.visibilityState === 'hidden' && this.flush();
    document.addEventListener('visibilitychange', now);
    addEventListener('pagehide', () => this.flush());
  }

  get(key: string): Draft {
    let found = this.#made.get(key);
    if (!found) this.#made.set(key, (found = new Kept(this.kept.get(key) ?? '', (text) => this.#keep(key, text))));
    return found;
  }

  /** Something is begun and not finished, on a screen that was open. */
  writing = (): boolean => [...this.#made.values()].some((d) => d.text.peek().trim() !== '');

  /** Writes at once what waits: the app is about to disappear. */
  flush(): void {
    for (const d of this.#made.values()) d.flush();
  }

  async #keep(key: string, text: string): Promise<void> {
    await this.write(key, text);
    const before = this.kept.get(key);
    this.kept.set(key, text);
    if (!before !== !text) this.turns.value++;
  }
}

class Kept implements Draft {
  text;
  step;
  #timer = 0;
  #saving: Promise<void> = Promise.resolve();
  #saved: string;

  constructor(text: string, private keep: (text: string) => Promise<void>) {
    this.#saved = text;
    this.text = signal(text);
    this.step = signal<Step | null>(text ? { step: 'phone', at: Date.now() } : null);
  }

  set(text: string): void {
    this.text.value = text;
    this.step.value = { step: 'writing', at: Date.now() };
    this.#timer ||= setTimeout(() => this.flush(), pace) as unknown as number;
  }

  async clear(said = this.text.peek()): Promise<void> {
    const now = this.text.peek();
    this.set(now.startsWith(said) ? now.slice(said.length).trimStart() : now);
    this.flush();
    await this.#saving;
    if (!this.text.peek()) this.step.value = null;
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#saving = this.#saving.then(() => this.#save());
  }

  async #save(): Promise<void> {
    const text = this.text.peek();
    if (text === this.#saved) return this.#say({ step: 'phone', at: Date.now() });
    try {
      await this.keep(text);
      this.#saved = text;
      if (text === this.text.peek()) this.#say({ step: 'phone', at: Date.now() });
    } catch (e) {
      this.#say({ step: 'lost', at: Date.now(), code: e instanceof Problem ? e.code : 'journal_broken' });
    }
  }

  #say(step: Step): void {
    if (this.step.peek()?.step !== step.step) this.step.value = step;
  }
}

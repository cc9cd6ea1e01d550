// Writing from a screen: what went wrong stays in sight, and nothing is half written.
import { core } from '../../ui';
import { useRef, useState } from 'preact/hooks';
import { Problem, type Change } from '../../core/api';

export interface Saver {
  /** The commit's id, or null when it could not be written to this phone. While one is
   *  being written another is a second tap: null, and nothing is written. */
  save(changes: Change[]): Promise<string | null>;
  /** The same for commits that belong together: all of them, or null. */
  saveAll(all: Change[][]): Promise<string[] | null>;
  /** For what each tap says anew, like a tick: all of them are written. */
  saveEach(changes: Change[]): Promise<string | null>;
  problem: Problem | null;
  clear(): void;
}

export function useSave(): Saver {
  const [problem, setProblem] = useState<Problem | null>(null);
  const going = useRef(false);
  const write = async (all: Change[][]) => {
    try {
      const commits = await core.commitAll(all);
      setProblem(null);
      return commits;
    } catch (e) {
      setProblem(e instanceof Problem ? e : new Problem('unknown'));
      return null;
    }
  };
  const saveAll = async (all: Change[][]) => {
    if (going.current) return null;
    going.current = true;
    return write(all).finally(() => (going.current = false));
  };
  return {
    problem,
    clear: () => setProblem(null),
    save: async (changes) => (await saveAll([changes]))?.[0] ?? null,
    saveAll,
    saveEach: async (changes) => (await write([changes]))?.[0] ?? null,
  };
}

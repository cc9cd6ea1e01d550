// Writing from a screen: what went wrong stays in sight, and nothing is half written.
import { core } from '../../ui';
import { useState } from 'preact/hooks';
import { Problem, type Change } from '../../core/api';

export interface Saver {
  /** The commit's id, or null when it could not be written to this phone. */
  save(changes: Change[]): Promise<string | null>;
  problem: Problem | null;
  clear(): void;
}

export function useSave(): Saver {
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    problem,
    clear: () => setProblem(null),
    async save(changes) {
      try {
        const commit = await core.commit(changes);
        setProblem(null);
        return commit;
      } catch (e) {
        setProblem(e instanceof Problem ? e : new Problem('unknown'));
        return null;
      }
    },
  };
}

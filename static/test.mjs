// Runs the front-end tests under node: bundles src/**/*.test.ts with the app's own
// tool and hands them to node's test runner. `npm test`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'bokvar-tests-'));
const run = (command, ...args) => {
  const env = { ...process.env, BOKVAR_ROOT: dirname(here), TZ: 'Europe/Stockholm' };
  const { status } = spawnSync(command, args, { cwd: here, stdio: 'inherit', env });
  if (status !== 0) process.exitCode = status ?? 1;
  return status === 0;
};

try {
  if (run('go', 'run', './bundle', '-test', out)) {
    const files = readdirSync(out, { recursive: true }).filter((f) => f.endsWith('.test.mjs')).map((f) => join(out, f));
    if (files.length === 0) throw new Error('no tests found');
    run(process.execPath, '--test', ...files);
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

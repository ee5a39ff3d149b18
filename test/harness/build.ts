// Builds dist/ before a test run: tests that kill a process must start it from what ships, and Node 20 runs no
// TypeScript. A type error does not stop it here; `npm test` and CI build first and do stop.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export default async function setup(): Promise<void> {
  const tsc = 'node_modules/typescript/bin/tsc';
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.json']).catch(
    (error: { stdout?: string }) => process.stderr.write(`the build has errors:\n${error.stdout ?? ''}`),
  );
}

import { defineConfig } from 'vitest/config';

// Tests start real servers; two files at a time is what two cores carry without one starving another's lease. Timeouts are for
// what hangs: no test is judged by how fast a busy machine runs it.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    globalSetup: ['test/harness/build.ts', 'test/harness/postgres.ts'],
  },
});

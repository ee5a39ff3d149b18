import { defineConfig } from 'vitest/config';

// Tests start real servers; two files at a time is what two cores carry without one starving another's lease.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: ['test/harness/build.ts', 'test/harness/postgres.ts'],
  },
});

// F12, the short form: forty mails for machines, sixty for people.
import { expect, it } from 'vitest';
import { freshLedger } from '../harness/postgres.ts';
import { isMachineMet, runMachines } from './f12.ts';

const { db } = await freshLedger();

it('machines unsubscribe nobody and answer nothing, and are told from people', {
  timeout: 400_000,
}, async () => {
  const ground = { engine: 'postgres', db, databaseUrl: '', redisUrl: undefined } as const;
  const report = await runMachines(ground, { mails: 12, people: 150, times: 30, seed: 20261123 });
  expect(report).toMatchObject({ unsubscribed: 0, answers: 0, consents: 0, failed: 0, machineEvents: 0 });
  expect(report.humanHits).toBeGreaterThan(300);
  expect(isMachineMet(report)).toBe(true);
});

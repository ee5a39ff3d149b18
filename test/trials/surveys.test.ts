// The short form: forty surveys.
import { expect, it } from 'vitest';
import { freshLedger } from '../harness/postgres.ts';
import { isUnanswered, runSurveys } from './surveys.ts';

const { db } = await freshLedger();

it('a scanner that fetches all eleven links of forty surveys, by GET and by HEAD, answers none', async () => {
  const report = await runSurveys({ db }, { surveys: 40 });
  expect(report).toMatchObject({
    fetched: 960,
    statuses: { 200: 960 },
    answers: 0,
    scored: 0,
    events: 0,
    rung: 0,
  });
  expect(isUnanswered(report)).toBe(true);
}, 120_000);

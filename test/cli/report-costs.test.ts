// Lead costs over a real ledger, as costs.yaml gives them, against figures counted by hand; and what a pipeline declares
// of stages that were jumped over.
import { beforeAll, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { record } from '../../db/events.ts';
import { greetingFile, pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { dayMs, hash, makeStageChange, sales } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const january = Date.UTC(2026, 0, 5, 12);
const now = Date.UTC(2026, 3, 1);
const costs = `qualified: Proposal
currency: EUR
months:
  2026-01: { ads: 3000, fair: 600, radio: 200 }
  2026-02: { ads: 1000 }
  2026-05: { ads: 777 }
`;

/** `count` leads of a source that began in a month after January and went this way, a day apart. */
const lead = (source: string, month: number, count: number, ...way: string[]) =>
  Array.from({ length: count }, (_, n) => `${source}-${month}-${way.join('-')}-${n}`).flatMap((id) =>
    way.map((stage, i) =>
      makeStageChange(stage, {
        at: january + (month * 31 + i) * dayMs,
        contact: { id: `c-${id}`, source },
        deal: { id: `d-${id}`, amount: 1_000, currency: 'EUR' },
      }),
    ),
  );

beforeAll(async () => {
  const declared = [
    { path: 'pipelines.yaml', text: `${pipelinesFile.text}    skipped: not entered\n` },
    { path: 'facts.yaml', text: 'contact: { source: text }\n' },
    { path: 'costs.yaml', text: costs },
  ];
  await useDefinitions(db, now, [...declared, greetingFile]);
  const events = [
    ...lead('ads', 0, 20, 'Lead', 'Lost'),
    ...lead('ads', 0, 30, 'Lead', 'Proposal'),
    ...lead('ads', 0, 10, 'Lead', 'Won'),
    ...lead('fair', 0, 12, 'Lead'),
    ...lead('ads', 1, 20, 'Lead', 'Proposal', 'Won'),
    ...lead('fair', 1, 7, 'Lead'),
  ];
  await record(db, events, { now, hash, pipelines: [sales], isHistory: true });
});

async function run(...argv: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
  const code = await main(['report', ...argv, '--at', '2026-03-31'], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}
const rowsOf = async (...argv: string[]) => {
  const { sections } = JSON.parse((await run(...argv, '--json')).out);
  return sections.map(({ rows }: { rows: unknown[][] }) => rows);
};

it('tells what a lead, a qualified one and a won deal cost, by source and by month', async () => {
  const [bySource, byMonth] = await rowsOf('costs');
  const figures = (row: unknown[]) => [0, 1, 2, 3, 4, 5, 7, 8, 10, 11].map((i) => row[i]);
  expect(bySource.map(figures)).toEqual([
    ['ads', 4_000, 80, 50, 60, 4_000 / 60, 30, 4_000 / 30, 30, 7.5],
    ['fair', 600, 12, 50, 0, null, 0, null, 12, 0],
    ['radio', 200, 0, null, 0, null, 0, null, 0, 0],
    ['together', 4_800, 92, 4_800 / 92, 60, 80, 30, 160, 42, 6.25],
  ]);
  expect(byMonth.map((row: unknown[]) => row.slice(0, 3))).toEqual([
    ['2026-01', 3_800, 72],
    ['2026-02', 1_000, 20],
    ['together', 4_800, 92],
  ]);
});

it('says which leads are left out, and what is at least paid where none is won', async () => {
  const { out } = await run('costs');
  expect(out).toContain(
    '7 leads are left out: costs.yaml has no cost for their contact.source in their month.',
  );
  // None of twelve is at most 24.25 % by Wilson: 50 / 0.2425.
  expect(out).toMatch(/fair .* none yet +over 206 /);
});

it('keeps to whole months', async () => {
  const [bySource] = await rowsOf('costs', '--period', '2026-02');
  expect(bySource.map((row: unknown[]) => row.slice(0, 3))).toEqual([
    ['ads', 1_000, 20],
    ['together', 1_000, 20],
  ]);
  expect(await run('costs', '--period', '2026-02-03')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/Costs are by month: write --period 2026/),
  });
});

it('counts a stage that was jumped over as the pipeline declares', async () => {
  const [rows] = await rowsOf('funnel');
  expect(rows.map((row: unknown[]) => row.slice(0, 2))).toEqual([
    ['Lead', 99],
    ['Qualification', 0],
    ['Proposal', 50],
    ['Negotiation', 0],
    ['Won', 30],
  ]);
});

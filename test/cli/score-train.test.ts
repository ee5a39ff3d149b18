// Learning from decided deals over a real ledger: what the odds are made of is found, what leaks is refused, and what was
// learnt is a fact for conditions and explains itself.
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { steps } from '../../steps/index.ts';
import { watchDefinitions } from '../../workers/definitions.ts';
import { rollDice } from '../analysis/random.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { monday } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const files = [
  {
    path: 'pipelines.yaml',
    text: 'pipelines:\n  sales:\n    stages: [Lead, Won, Lost]\n    won: [Won]\n    lost: [Lost]\n',
  },
  {
    path: 'facts.yaml',
    text: 'contact:\n  employees: number\ndeal:\n  budget: text\n  loss_reason: { type: text, after_outcome: true }\n',
  },
  { path: 'scores.yaml', text: 'fit:\n  - { id: known, if: has(contact.employees), points: 5 }\n' },
];

async function run(...argv: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
  const code = await main(['score', ...argv], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** Deals that a set budget and a large contact win more often, and of which every loss has a reason. */
async function addDeals(count: number, from = 1): Promise<void> {
  const dice = rollDice(from);
  const rows = Array.from({ length: count }, (_, i) => {
    const [employees, isSet] = [Math.round(dice.logNormal(50, 1)), dice.chance(0.5)];
    const logit = -1.5 + 0.8 * (Math.log(employees) - Math.log(50)) + (isSet ? 2 : 0);
    const isWon = dice.chance(1 / (1 + Math.exp(-logit)));
    const fields = { budget: isSet ? 'set' : 'none', ...(isWon ? {} : { loss_reason: 'price' }) };
    return { key: `d-${from + i}`, id: from + i, employees, stage: isWon ? 'Won' : 'Lost', fields };
  });
  await sql`
    with said as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as said(id bigint, key text, employees int, stage text, fields jsonb)
    ),
    people as (
      insert into contacts (id, key, created_at, updated_at, facts_at, fields)
      select id, 'c-' || id, instant(${monday}), instant(${monday}), instant(${monday}),
        jsonb_build_object('employees', employees) from said
    )
    insert into deals (contact_id, key, pipeline, stage, stage_at, created_at, updated_at, facts_at, fields)
    select id, key, 'sales', stage, instant(${monday}), instant(${monday}), instant(${monday}), instant(${monday}), fields
    from said`.execute(db);
}

beforeAll(() => useDefinitions(db, monday, files, []));

it('refuses where too little is known, and keeps nothing', async () => {
  await addDeals(40);
  const { code, out } = await run('train');
  expect(code).toBe(1);
  expect(out).toContain('Not enough yet');
  expect(await db.selectFrom('models').selectAll().execute()).toEqual([]);
});

it('refuses a field that is known only after the outcome, and one that there is not', async () => {
  expect(await run('train', '--fields', 'deal.budget,deal.loss_reason')).toMatchObject({
    code: 1,
    err: expect.stringContaining('deal.loss_reason is known only after the outcome'),
  });
  expect(await run('train', '--fields', 'deal.bugdet')).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean `deal.budget`?'),
  });
});

it('learns what the odds are made of, leaves out what leaks, and is asked by conditions from then on', async () => {
  await addDeals(1_200, 1_001);
  const dry = await run('train', '--dry-run', '--json');
  expect(dry.code).toBe(0);
  expect(await db.selectFrom('models').selectAll().execute()).toEqual([]);
  const said = JSON.parse(dry.out);
  expect(said.leftOut).toEqual(['deal.loss_reason']);
  expect(said.fields).toContain('contact.employees');
  expect(said.training.auc.low).toBeGreaterThan(0.6);
  const { out } = await run('train');
  expect(out).toContain('All figures are of deals that the model had not seen.');
  expect(out).toContain('Left out, known only after the outcome: deal.loss_reason');
  expect(out).toMatch(/The best 10% lie at 0\.\d\d or over/);

  const { predictWin } = await watchDefinitions(steps).program(db, []);
  const chance = (budget: string, employees: number) =>
    predictWin?.({ contact: { employees }, deal: { budget } }) ?? Number.NaN;
  expect(chance('set', 500)).toBeGreaterThan(0.6);
  expect(chance('none', 10)).toBeLessThan(0.3);
  const explained = await run('explain', 'c-1001');
  expect(explained.out).toMatch(/Deal d-1001: won with a chance of \d+%, where the average is \d+%/);
  expect(explained.out).toMatch(/[+-]\d\.\d\d +deal\.budget/);
});

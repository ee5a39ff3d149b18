// The reports over a real ledger, against figures counted by hand; every form prints the same ones.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCsv } from '../../cli/csv.ts';
import { main } from '../../cli/main.ts';
import { readPeriod } from '../../cli/report/period.ts';
import { record } from '../../db/events.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { dayMs, hash, makeStageChange, monday, sales } from '../harness/factories.ts';
import { makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const folder = mkdtempSync(join(tmpdir(), 'voronka-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const begun = Date.UTC(2026, 0, 5, 12);
/** 100 deals: 40 lost at Lead after a day, 20 at Proposal, 30 won after 11 days, 10 open at Proposal. */
function history() {
  return Array.from({ length: 100 }, (_, n) => {
    const way =
      n < 40
        ? ['Lead', 'Lost']
        : n < 60
          ? ['Lead', 'Proposal', 'Lost']
          : n < 90
            ? ['Lead', 'Proposal', 'Won']
            : ['Lead', 'Proposal'];
    const days = way.map((_, i) => (i === 0 ? 0 : i === 1 ? 1 : 11));
    return way.map((stage, i) =>
      makeStageChange(stage, {
        at: begun + (days[i] ?? 0) * dayMs,
        contact: { id: `c-${n}` },
        // Few are lost late, but they are the large ones.
        deal: {
          id: `d-${n}`,
          amount: n < 40 ? 100 : 5_000,
          currency: 'EUR',
          owner: n % 2 === 0 ? 'olga' : '=1+1',
        },
      }),
    );
  }).flat();
}

beforeAll(async () => {
  await useDefinitions(db, monday);
  await record(db, history(), { now: monday, hash, pipelines: [sales], isHistory: true });
  const { hash: plan_hash } = await db.selectFrom('plans').select('hash').executeTakeFirstOrThrow();
  const rows = Array.from({ length: 80 }, (_, n) => ({
    contact_id: String(n + 1),
    isHeld: n >= 40,
    goal: n < 30 || (n >= 40 && n < 45),
  }));
  await db
    .insertInto('runs')
    .values(
      rows.map(({ contact_id, isHeld, goal }) => ({
        contact_id,
        workflow: 'greeting',
        plan_hash,
        entered_at: new Date(begun),
        node_at: new Date(begun),
        ended_at: new Date(begun + dayMs),
        wake_at: null,
        goal,
        outcome: goal ? 'moved-on' : isHeld ? 'held-out' : 'done',
        memory: JSON.stringify({ visits: isHeld ? { '@held-out': 1 } : { hello: 1 } }),
      })),
    )
    .execute();
});

async function run(...argv: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
  const code = await main(['report', ...argv], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}
const json = async (...argv: string[]) =>
  JSON.parse((await run(...argv, '--at', '2026-02-01', '--json')).out);

describe('the funnel', () => {
  it('counts who came, went on, was lost and stands', async () => {
    const { about, sections } = await json('funnel');
    expect(about).toBe('sales, all deals, as of 2026-02-01, in EUR');
    const [lead, , proposal] = sections[0].rows;
    expect(lead.slice(0, 5)).toEqual(['Lead', 100, 60, 40, 0]);
    expect(proposal.slice(0, 5)).toEqual(['Proposal (bottleneck)', 60, 30, 20, 10]);
    expect([lead[5], proposal[5], proposal[7]]).toEqual([0.6, 0.6, 100_000]);
    expect(sections[0].said[0]).toMatch(/^100 deals: 30 won, 60 lost, 10 open; 33.3 % of the closed are won/);
  });

  it('names the stage that loses most value, not the one that loses most deals, with its interval', async () => {
    const { sections } = await json('funnel');
    expect(sections[0].said.at(-1)).toMatch(
      /^Bottleneck: Proposal. It loses 100,000 of value \(.* to .*\), 96.2 % of all/,
    );
  });

  it('says "not enough yet" where few were lost', async () => {
    const { sections } = await json('funnel', '--period', '2026-02');
    expect(sections).toEqual([]);
    const byOwner = await json('funnel', '--by', 'owner');
    expect(byOwner.sections.map((one: { title: string }) => one.title).sort()).toEqual(['=1+1', 'olga']);
    const early = JSON.parse((await run('funnel', '--at', '2026-01-05', '--json')).out);
    expect(early.sections[0].said.at(-1)).toMatch(
      /Bottleneck: not enough yet: 0 deals are lost, 30 are needed/,
    );
  });

  it('prints the same figures in every form, and no formula in CSV', async () => {
    const file = join(folder, 'funnel.html');
    const { sections } = await json('funnel', '--by', 'owner', '--html', file);
    const csv = (await run('funnel', '--by', 'owner', '--csv', '--at', '2026-02-01')).out;
    const text = (await run('funnel', '--by', 'owner', '--at', '2026-02-01')).out;
    const page = readFileSync(file, 'utf8');
    for (const { title, said, rows } of sections) {
      for (const row of rows)
        expect(csv).toContain(`${title === 'olga' ? 'olga' : "'=1+1"},${row.slice(0, 5).join(',')}`);
      for (const sentence of said) for (const form of [text, page]) expect(form).toContain(sentence);
    }
    expect(page.match(/role="img"/g)).toHaveLength(4);
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(toCsv([['=1', '+x', '-2', '@a', -3.5, 'a,"b"']])).toBe(`'=1,'+x,-2,'@a,-3.5,"a,""b"""\r\n`);
  });
});

it('counts the time in a stage with the open deals, and the way to the close', async () => {
  const { sections } = await json('stages');
  const [lead, , proposal] = sections[0].rows;
  expect(lead.slice(0, 5)).toEqual(['Lead', 100, 0, 1, 1]);
  expect(proposal.slice(0, 5)).toEqual(['Proposal', 60, 10, 10, 10]);
  expect(sections[0].said[1]).toMatch(/median: 11 /);
});

it('tells win rate, average deal and value by a cut', async () => {
  const { sections } = await json('value', '--by', 'deal.owner');
  const [one] = sections[0].rows;
  expect([one[1], one[2], one[5], one[7]]).toEqual([15, 30, 5_000, 75_000]);
  expect(sections[0].said[0]).toMatch(/^30 customers, 0 of whom bought again/);
  expect(sections[1].said[0]).toBe('Not enough yet: nobody bought 3 months ago or earlier.');
  const later = JSON.parse((await run('value', '--at', '2026-08-01', '--json')).out);
  expect(later.sections[1].rows.map((row: unknown[]) => row.slice(0, 3))).toEqual([
    ['any quarter', 30, 5_000],
    ['2026-Q1', 30, 5_000],
  ]);
});

it('refuses a forecast without months of history', async () => {
  const { sections } = await json('forecast');
  expect(sections[0].said[0]).toMatch(/^Not enough yet: .* are needed/);
});

it('compares the runs of a workflow with those held out', async () => {
  const { sections } = await json('workflows');
  const [row] = sections[0].rows;
  expect(row.slice(0, 5)).toEqual(['greeting', 40, 0, 30, 0.75]);
  expect(row.at(-1)).toMatch(/^better: 62.5 % \(/);
});

it('tells of the mails by people under a head of their own', async () => {
  const delivery = { workflow: 'greeting', node: 'hello', payload: '{"template": "hello"}' };
  const sent = { ...delivery, state: 'sent' as const, settled_at: new Date(begun) };
  const ids = [await makeDelivery(db, sent), await makeDelivery(db, sent)];
  const look = {
    at: new Date(begun),
    judged_at: new Date(begun),
    kind: 'open' as const,
    target: null,
    signs: [],
  };
  const hits = ids.map((delivery_id) => ({
    ...look,
    delivery_id,
    method: 'GET' as const,
    class: 'human' as const,
  }));
  await db.insertInto('hits').values(hits).execute();
  const { sections } = await json('workflows');
  expect(sections[1].rows.map((row: unknown[]) => row.slice(0, 4))).toEqual([
    ['greeting', 'all of them', 1, 1],
    ['greeting', 'hello', 1, 1],
  ]);
  const { out } = await run('workflows', '--csv', '--at', '2026-02-01');
  expect(out).toMatch(/\r\n\r\ngroup,workflow,template,sent to,opened,/);
});

it.each([
  ['2026', Date.UTC(2026, 0), Date.UTC(2027, 0)],
  ['2026-Q4', Date.UTC(2026, 9), Date.UTC(2027, 0)],
  ['2026-02', Date.UTC(2026, 1), Date.UTC(2026, 2)],
  ['2026-02-28', Date.UTC(2026, 1, 28), Date.UTC(2026, 2, 1)],
  ['90d', monday - 90 * dayMs, monday + 1],
])('reads the period %s', (text, from, until) => expect(readPeriod(text, monday)).toEqual({ from, until }));

it('keeps to the width of a terminal: a wide table goes on under itself, its first column with it', async () => {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
  Object.assign(terminal.streams.out, { isTTY: true, columns: 80 });
  expect(await main(['report', 'funnel', '--at', '2026-02-01'], terminal.streams)).toBe(0);
  const lines = terminal.out().split('\n');
  const heads = lines.filter((line) => /^stage {2}/.test(line));
  expect(heads.length).toBeGreaterThan(1);
  const whole = (await run('funnel', '--at', '2026-02-01')).out
    .split('\n')
    .find((line) => /^stage {2}/.test(line));
  const names = (line = '') => line.split(/\s{2,}/).filter((name) => name !== 'stage');
  expect(heads.flatMap(names)).toEqual(names(whole));
  const drawn = lines.filter((line) => /^(stage|Lead|Proposal|Won) {2}/.test(line) || line.includes('█'));
  expect(drawn.filter((line) => line.length > 80)).toEqual([]);
});

it('tells wrong use', async () => {
  for (const period of ['2026-13', '2026-02-30', 'soon'])
    expect((await run('funnel', '--period', period)).code).toBe(2);
  expect((await run('funnel', '--by', 'deal.ownr')).err).toMatch(/did you mean `deal.owner`/);
  expect((await run('funnel', '--pipeline', 'sale')).err).toMatch(/did you mean `sales`/);
  expect((await run('funnel', '--json', '--csv')).code).toBe(2);
});

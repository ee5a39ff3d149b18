// Every report in every form over one generated ledger: the figures of the terminal, JSON, CSV and the page are read back
// out of what was printed, and are the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addStageChanges } from '../../bench/stage-changes.ts';
import { main } from '../../cli/main.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const folder = mkdtempSync(join(tmpdir(), 'voronka-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 500 deals of three years, and 300 people who were mailed and asked over six months, some of whom answered. */
beforeAll(async () => {
  await useDefinitions(db, monday);
  await addStageChanges(db, 2_000, monday);
  await sql`update deals set owner = '=HYPERLINK("x")' where owner = 'owner-3'`.execute(db);
  await sql`update contacts set locale = case when id % 3 = 0 then 'ru' else '-en' end`.execute(db);
  await sql`
    with ran as (
      insert into runs (contact_id, workflow, plan_hash, entered_at, node_at, ended_at, goal, outcome, memory)
      select n, 'greeting', hash, instant(${monday - 90 * dayMs}), instant(${monday - 90 * dayMs}), instant(${monday}), n % 4 = 0, 'done',
        case when n % 5 = 0 then '{"visits": {"@held-out": 1}}'::jsonb else '{"visits": {"hello": 1}}' end
      from plans, generate_series(1, 300) as n where workflow = 'greeting' returning id, contact_id
    ),
    mailed as (
      insert into deliveries (attempt, run_id, contact_id, state, due_at, expires_at, created_at, settled_at, verb, workflow, node, key, topic, payload)
      select 1, id, contact_id, 'sent', instant(${monday}), instant(${monday}), instant(${monday}), instant(${monday}), 'send', 'greeting', 'hello', 'hello#1',
        'marketing', '{"template": "hello"}' from ran returning id, run_id, contact_id
    )
    insert into survey_sends (delivery_id, contact_id, run_id, survey, workflow, node, sent_at, answered_at, score)
    select id, contact_id, run_id, 'nps', 'greeting', 'hello', instant(${monday}) - (contact_id % 6) * interval '30 days',
      case when contact_id % 7 <> 0 then instant(${monday}) end, case when contact_id % 7 <> 0 then contact_id * 7 % 11 end
    from mailed`.execute(db);
});

async function run(...argv: string[]): Promise<string> {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
  const code = await main(['report', ...argv], terminal.streams);
  expect(terminal.err().replace(/^Written to .*\n/, '')).toBe('');
  expect(code).toBe(0);
  return terminal.out();
}

type Cell = string | number | null;
type Rows = readonly (readonly Cell[])[];
interface Shown {
  readonly title: string;
  readonly sections: readonly { readonly columns: readonly string[]; readonly rows: Rows }[];
}

/** What a page's text says of a figure: itself, rounded, in thousands, per cent or with a sign. */
function readNumber(text: string, locale: string): { value: number; unit: number } | null {
  const plain = locale === 'ru' ? text.replace(/\s/g, '').replace(',', '.') : text.replace(/[\s,]/g, '');
  const found = /^([+-]?\d+(?:\.(\d+))?)(%?)$/.exec(plain);
  if (!found) return null;
  const scale = found[3] === '%' ? 100 : 1;
  return { value: Number(found[1]) / scale, unit: 10 ** -(found[2]?.length ?? 0) / scale };
}
const plainly = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const tablesOf = (page: string) =>
  [...page.matchAll(/<table>.*?<\/table>/gs)].map(([table]) =>
    [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => plainly(cell)),
    ),
  );

const reports = [
  'funnel',
  'funnel --by owner',
  'stages',
  'forecast',
  'value --by deal.owner',
  'nps',
  'nps --by contact.locale',
  'workflows',
  'all',
];
const cases = [...reports.map((one) => [one, 'en']), ['nps --by contact.locale', 'ru'], ['all', 'ru']];

it.each(cases)('report %s, in %s, says the same in every form', async (report = '', locale = '') => {
  const argv = report.split(' ');
  const day = argv[0] === 'nps' ? ['--since', '3650d'] : ['--at', '2026-11-23'];
  const at = [...day, '--locale', locale];
  const file = join(folder, 'page.html');
  const json = JSON.parse(await run(...argv, ...at, '--json', '--html', file));
  const shown: readonly Shown[] = Array.isArray(json) ? json : [json];
  const tables = shown.flatMap(({ sections }) => sections).filter(({ rows }) => rows.length > 0);
  expect(tables.length).toBeGreaterThan(0);
  if (locale === 'ru')
    expect(tables.flatMap(({ columns }) => columns).filter((name) => /[a-z]/i.test(name))).toEqual([]);

  const page = tablesOf(readFileSync(file, 'utf8'));
  expect(page.map(([head]) => head)).toEqual(tables.map(({ columns }) => columns));
  tables.forEach(({ rows }, t) => {
    expect(page[t]).toHaveLength(rows.length + 1);
    rows.forEach((row, r) => {
      row.forEach((value, c) => {
        const text = page[t]?.[r + 1]?.[c] ?? '';
        if (typeof value === 'string') expect(text).toBe(value);
        const read = typeof value === 'number' ? readNumber(text, locale) : null;
        if (typeof value !== 'number') return;
        expect(read, text).not.toBeNull();
        expect(Math.abs((read?.value ?? 0) - value)).toBeLessThanOrEqual((read?.unit ?? 0) * 0.5000001);
      });
    });
  });

  // The terminal has the words of the page, cell by cell, in the same order.
  const terminal = (await run(...argv, ...at)).split('\n').map((line) => line.trim().split(/\s{2,}/));
  let from = 0;
  for (const row of page.flat()) {
    const found = terminal.findIndex((line, i) => i >= from && line.join('|') === row.join('|').trim());
    expect(found, row.join('|')).toBeGreaterThanOrEqual(from);
    from = found + 1;
  }

  const csv = parse(await run(...argv, ...at, '--csv'), { relax_column_count: true }) as string[][];
  const lines = csv.map((line) => line.map((cell) => cell.replace(/^'(?=[=+\-@])/, '')));
  for (const { rows } of tables)
    for (const row of rows) {
      const wanted = row.map((value) => (value === null ? '' : String(value))).join('|');
      expect(
        lines.some((line) => line.join('|').endsWith(wanted)),
        wanted,
      ).toBe(true);
    }
  expect(csv.flat().filter((cell) => /^[=+\-@]/.test(cell) && Number.isNaN(Number(cell)))).toEqual([]);
});

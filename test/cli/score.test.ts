// The score commands over a real ledger: what they say adds up, a diff writes nothing, and wrong use is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { record } from '../../db/events.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { hash, makeEvent, sales } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const folder = mkdtempSync(join(tmpdir(), 'voronka-score-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dayMs = 86_400_000;
const now = Date.now();

const rules = (clicks: number) => `fit:
  - { id: known, if: has(contact.company), points: 20 }
  - { id: large, if: contact.employees >= 100, points: 30 }
engagement:
  half_life: 10 days
  rules:
    - { id: clicks, when: contact clicks, points: ${clicks}, cap: 15 }
thresholds:
  MQL: { score: total, at: 30 }
`;
const pipelines = 'pipelines:\n  sales:\n    stages: [Lead, Won, Lost]\n    won: [Won]\n    lost: [Lost]\n';
const facts = 'contact:\n  employees: number\n';
const files = { 'pipelines.yaml': pipelines, 'facts.yaml': facts, 'scores.yaml': rules(10) };

beforeAll(async () => {
  for (const [name, text] of Object.entries({ ...files, 'generous.yaml': rules(15), 'empty.yaml': '{}\n' }))
    writeFileSync(join(folder, name), text);
  const declared = Object.entries(files).map(([path, text]) => ({ path, text }));
  await useDefinitions(db, now, declared, []);
  const click = (id: string, days: number, data = {}) =>
    makeEvent({
      id,
      type: 'mail.clicked',
      at: now - days * dayMs,
      contact: { id: 'c-1', company: 'Acme' },
      data,
    });
  const events = [
    click('e1', 10),
    click('e2', 10, { class: 'scanner' }),
    click('e3', 20),
    makeEvent({ id: 'e4', type: 'page.visited', at: now - dayMs, contact: { id: 'c-2', employees: 500 } }),
  ];
  await record(db, events, { now, hash, pipelines: [sales] });
});

async function run(...argv: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent', VORONKA_WORKFLOWS: folder });
  const code = await main(['score', ...argv], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

it('explains every point: people alone, what time and the cap have left, and what comes next', async () => {
  const { code, out } = await run('explain', 'c-1', '--json');
  expect(code).toBe(0);
  const { standing, fit, engagement } = JSON.parse(out);
  expect(fit.map((line: { points: number }) => line.points)).toEqual([20, 0]);
  expect(engagement.map((line: { credited: number }) => Math.round(line.credited))).toEqual([10, 10]);
  const sum = engagement.reduce((total: number, line: { now: number }) => total + line.now, 0);
  expect(sum).toBeCloseTo(standing.engagement, 9);
  // Ten points halved once and ten halved twice, a moment ago.
  expect(sum).toBeGreaterThan(7.4);
  expect(sum).toBeLessThan(7.6);
  const told = await run('explain', 'c-1');
  expect(told.out).toContain('c-1: 27.5 points');
  expect(told.out).toContain('has(contact.company)');
  expect(told.out).toContain('mail.clicked, 10 days ago');
  expect(told.out).toContain('50% left');
});

it('tells of nobody', async () => {
  expect(await run('explain', 'c-9')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no contact "c-9"'),
  });
});

it('says who would cross what by another file, and writes nothing', async () => {
  const { code, out } = await run(
    'diff',
    join(folder, 'scores.yaml'),
    join(folder, 'generous.yaml'),
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    contacts: 2,
    crossings: [{ threshold: 'MQL', up: [], down: [] }],
  });
  writeFileSync(join(folder, 'low.yaml'), rules(10).replace('at: 30', 'at: 25'));
  const told = await run('diff', join(folder, 'scores.yaml'), join(folder, 'low.yaml'));
  expect(told.out).toBe('Of 2 contacts:\n1 would reach MQL: c-1\n');
  const applied = await run('diff');
  expect(applied.out).toBe('Of 2 contacts:\nNobody would cross a threshold.\n');
  expect(await db.selectFrom('scores').selectAll().execute()).toEqual([]);
});

it('says what is wrong in a file that is to be compared', async () => {
  writeFileSync(join(folder, 'wrong.yaml'), rules(10).replace('contact.employees', 'contact.employes'));
  const wrong = await run('diff', join(folder, 'scores.yaml'), join(folder, 'wrong.yaml'));
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('did you mean `employees`?') });
  expect(await run('diff', join(folder, 'none.yaml'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no file'),
  });
});

it('counts anew, here and now, and says how far it has come', async () => {
  // Contacts whose events nobody has read are left to the engine, and count as done.
  expect((await run('recount', '--json')).code).toBe(0);
  const { out } = await run('progress', '--json');
  expect(JSON.parse(out)).toMatchObject({ done: 2, finishedAt: expect.any(Number) });
});

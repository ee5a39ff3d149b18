// A short season played to its end, and histories from files: what goes in, what must come out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../cli/demo/outcome.ts';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

// A season starts servers of its own; on a busy machine that takes a while.

const folder = mkdtempSync(join(tmpdir(), 'voronka-demo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function demo(...args: string[]) {
  const terminal = openTerminal({ PORT: '0' });
  const json = join(folder, 'out.json');
  const report = join(folder, 'report');
  const code = await main(['demo', '--exit', '--json', json, '--report', report, ...args], terminal.streams);
  const outcome = code === 2 ? null : (JSON.parse(readFileSync(json, 'utf8')) as Outcome);
  return { code, outcome, out: terminal.out(), err: terminal.err() };
}

describe('the demo', () => {
  it('plays a season whose numbers add up', async () => {
    const { code, outcome, out, err } = await demo('--leads', '24', '--before', '16', '--days', '30');
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^A season of 30 days: .* of 40 people.*\n(day \d+ of 30: \d+ mails\n)+$/),
    });
    expect(outcome?.contacts).toBeLessThanOrEqual(41);
    expect(outcome?.mails).toMatchObject({ queued: 0, deferred: 0, unknown: 0 });
    expect(outcome?.mails.sent).toBe(outcome?.accepted);
    expect(outcome?.accepted).toBeGreaterThan(24);
    for (const [workflow, { entered, underWay, goal, left }] of Object.entries(outcome?.runs ?? {})) {
      expect(entered).toBe(underWay + goal + left);
      const ended = Object.values(outcome?.outcomes[workflow] ?? {}).reduce((sum, runs) => sum + runs, 0);
      expect([workflow, ended]).toEqual([workflow, goal + left]);
    }
    // By POST at the pages behind the links of the mails that arrived, and by the API.
    expect(outcome?.people.confirmed).toBeGreaterThan(0);
    expect(outcome?.people.opened).toBeGreaterThan(0);
    expect(outcome?.tasks.done).toBeGreaterThan(0);
    for (const workflow of outcome?.neverEntered ?? []) expect(out).toContain(`nobody entered ${workflow}`);
    expect(out).toContain(join(folder, 'report', 'report.html'));
    expect(readFileSync(join(folder, 'report', 'report.html'), 'utf8')).toContain('Funnel');
    expect(out).not.toContain('http://');
  });

  it('plays a history from a file, refuses its broken events alone, and goes on as long as it is asked', async () => {
    const path = join(folder, 'history.ndjson');
    const event = (id: string, at: string, stage: string) =>
      JSON.stringify({
        id,
        type: 'deal.stage_changed',
        at,
        contact: { id: 'c-1', email: 'anna@acme.example', locale: 'ru', consent: { marketing: true } },
        deal: { id: 'd-1', pipeline: 'sales', stage, amount: 500 },
      });
    const lines = [
      event('e-2', '2026-03-09T10:00:00Z', 'Qualification'),
      event('e-1', '2026-03-02T10:00:00Z', 'Attraction'),
      event('e-1', '2026-03-02T10:00:00Z', 'Attraction'),
      event('e-3', '2026-03-10T10:00:00Z', 'Qualifcation'),
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    const { code, outcome, out } = await demo('--events', path, '--days', '30');
    expect(code).toBe(0);
    expect(outcome?.deals).toMatchObject({ Qualification: 1, Attraction: 0 });
    expect(outcome?.runs).toEqual({ welcome: { entered: 1, underWay: 0, goal: 1, left: 0 } });
    // At once, and after three days; the deal moved on before the third.
    expect(outcome?.mails.sent).toBe(2);
    expect(out).toContain('1 events were refused');
    expect(out).toContain('"Qualifcation" is not a stage');
  });

  it('says which lines of a history are not JSON, and plays nothing', async () => {
    const path = join(folder, 'broken.ndjson');
    writeFileSync(path, '{"id": "e-1"}\n{oops\n');
    const terminal = openTerminal();
    expect(await main(['demo', '--events', path], terminal.streams)).toBe(1);
    expect(terminal.err()).toContain('broken.ndjson:2: not JSON');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function simulate(...args: string[]) {
  const terminal = openTerminal();
  const code = await main(['simulate', ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('simulate', () => {
  it('tells in words what happens to a contact who does nothing', async () => {
    const { code, out } = await simulate('qualification-nurture');
    expect(code).toBe(0);
    expect(out).toContain('enters: deal.stage enters "Qualification"');
    expect(out).toContain('sends qualification-intro');
    expect(out.trimEnd()).toMatch(/ends: exits no-response$/);
  });

  it('tells the same for the same seed, and something else for some other', async () => {
    const told = await Promise.all(
      ['1', '1', '2', '3', '4', '5', '6', '7'].map((seed) => simulate('welcome', '--seed', seed)),
    );
    expect(told[1]?.out).toBe(told[0]?.out);
    expect(new Set(told.map((one) => one.out)).size).toBeGreaterThan(1);
  });

  it('takes the contact, the deal and the events from a file', async () => {
    const path = join(folder, 'story.yaml');
    writeFileSync(
      path,
      `contact: { consent: { marketing: true } }
deal: { amount: 2000, pipeline: sales }
events:
  - { type: deal.stage_changed, at: 2026-03-02T08:00:00Z, data: { pipeline: sales, from: Attraction, to: Qualification } }
  - { type: deal.stage_changed, at: 2026-03-05T08:00:00Z, data: { pipeline: sales, from: Qualification, to: Presentation } }
`,
    );
    const { out } = await simulate(
      'qualification-nurture',
      '--contact',
      path,
      '--from',
      '2026-03-01T00:00:00Z',
    );
    expect(out).toContain('sends case-study');
    expect(out.trimEnd()).toMatch(/day 4 .*ends: .*leaves "Qualification"/);
  });

  it('gives programs the story with its timeline', async () => {
    const { out } = await simulate('welcome', '--json');
    const { events, timeline } = JSON.parse(out);
    expect(events).toMatchObject([{ type: 'deal.stage_changed', data: { to: 'Attraction' } }]);
    expect(timeline[1]).toMatchObject({
      workflow: 'welcome',
      node: 'hello',
      what: 'queued',
      why: 'sends welcome',
    });
  });

  it('names the workflow that was meant', async () => {
    const { code, err } = await simulate('welcom');
    expect(code).toBe(2);
    expect(err).toContain('did you mean `welcome`?');
  });
});

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
    expect(timeline.find(({ what }: { what: string }) => what === 'queued')).toMatchObject({
      workflow: 'welcome',
      node: 'hello',
      what: 'queued',
      why: 'sends welcome',
    });
  });

  it('walks many people, the same for the same seed, and counts what becomes of them', async () => {
    const run = (seed: string) =>
      simulate('objections', '--personas', '300', '--seed', seed, '--days', '90', '--json');
    const [first, again, other] = [await run('a'), await run('a'), await run('b')];
    expect(again.out).toBe(first.out);
    expect(other.out).not.toBe(first.out);
    const tally = JSON.parse(first.out);
    const sum = (counts: readonly { readonly count: number }[]) =>
      counts.reduce((all, { count }) => all + count, 0);
    expect(tally).toMatchObject({ workflow: 'objections', personas: 300, runs: tally.entered });
    expect(sum(tally.outcomes) + tally.underWay).toBe(tally.runs);
    // Every arm of both branches gets somebody: personas are drawn around what their conditions compare.
    expect(tally.arms.map(({ arm }: { arm: string }) => arm)).toEqual([
      ...['else', 'if 1'],
      'else',
      'if 1',
      'if 2',
      'if 3',
      'if 4',
    ]);
    expect((await simulate('objections', '--personas', '50')).out).toMatch(/^\d+ of 50 entered/);
  });

  it('says all that is wrong with what was asked, and with the file', async () => {
    const { code, err } = await simulate('welcome', '--personas', 'many', '--days', '-1', '--from', 'soon');
    expect(code).toBe(2);
    for (const option of ['--personas', '--days', '--from']) expect(err).toContain(`${option} "`);
    const path = join(folder, 'wrong.yaml');
    writeFileSync(
      path,
      'contact: { frst_name: Anna }\ndeal: { amount: much }\nevents: [{ type: form.submitted, at: soon }]\n',
    );
    const wrong = await simulate('welcome', '--contact', path);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('wrong.yaml:1:12  unknown-fact  `contact` has no field `frst_name`');
    expect(wrong.err).toContain('wrong.yaml:2:17  wrong-type  `deal.amount` is a number');
    expect(wrong.err).toContain('wrong.yaml:3:38  wrong-value  `soon` is no instant');
  });

  it('names the workflow that was meant', async () => {
    const { code, err } = await simulate('welcom');
    expect(code).toBe(2);
    expect(err).toContain('did you mean `welcome`?');
  });
});

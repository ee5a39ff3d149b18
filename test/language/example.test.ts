// The example of the language's design, as it is written there: linted, tested, simulated, applied, and run for real through
// ledger, queue and mail server, with a hot lead, whose owner is asked to call.
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { checkSources, readSources } from '../../cli/definitions.ts';
import { main } from '../../cli/main.ts';
import { nextDueAt } from '../../db/agenda.ts';
import { record } from '../../db/events.ts';
import { isHeldOut, isRolledOut } from '../../engine/gates.ts';
import { openTerminal } from '../cli/terminal.ts';
import { hash, monday } from '../harness/factories.ts';
import { openWorld } from '../harness/world.ts';

const folder = import.meta.dirname;
const dayMs = 86_400_000;
const { plans, catalogue } = checkSources(readSources(folder, 'templates'));

async function voronka(env: { readonly [name: string]: string }, ...args: string[]) {
  const terminal = openTerminal(env);
  const code = await main([...args, '--workflows', folder], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('the example of the language', async () => {
  const world = await openWorld('postgres');
  const { db, databaseUrl, clock, sink } = world;

  it('is clean, keeps its story, and tells what happens to somebody', async () => {
    const linted = await voronka({}, 'lint', join(folder, 'qualification-nurture.yaml'));
    expect(linted).toMatchObject({ code: 0, out: 'No problems.\n' });
    const tested = await voronka({}, 'test');
    expect(tested).toMatchObject({ code: 0 });
    expect(tested.out).toContain('  ok    a hot lead gets a call task\n');
    const { out } = await voronka({}, 'simulate', 'qualification-nurture');
    expect(out).toContain('sends qualification-intro');
    expect(out).toContain('sends case-study');
    expect(out.trimEnd()).toMatch(/ends: exits no-response$/);
  });

  it('runs for real as its story says', { timeout: 400_000 }, async () => {
    const applied = await voronka({ DATABASE_URL: databaseUrl }, 'apply', '--confirm');
    expect(applied).toMatchObject({ code: 0 });
    const [plan] = plans;
    if (plan === undefined) throw new Error('the example does not compile');
    // A quarter of all enter, and a tenth of those are only watched: somebody who is neither.
    const ids = Array.from({ length: 500 }, (_, i) => `d-${i}`);
    const id = ids.find((one) => isRolledOut(plan, one) && !isHeldOut(plan, one)) ?? '';
    const contact = {
      id: 'anna',
      email: 'anna@acme.example',
      first_name: 'Anna',
      timezone: 'Europe/Berlin',
      locale: 'en',
      consent: { marketing: true },
      // What scores.yaml would reckon; without it a score is a fact like any other.
      score: { engagement: 80 },
    };
    const deal = {
      id,
      stage: 'Qualification',
      title: 'Pumps',
      amount: 12_000,
      currency: 'EUR',
      owner: 'olga',
    };
    const input = { id: 'e-1', type: 'deal.stage_changed', at: monday, contact, deal };
    expect(await record(db, [input], { now: monday, hash, pipelines: catalogue.pipelines })).toMatchObject([
      { status: 'accepted' },
    ]);
    const { queues } = await world.openProcess();
    for (;;) {
      await queues.ring('advance');
      const isIdle = async () => {
        const due = await nextDueAt(db);
        const open = (await world.deliveries()).filter(
          ({ settled_at, due_at }) => settled_at === null && due_at <= clock.at(),
        );
        return (due === null || due > clock.at()) && open.length === 0;
      };
      await expect.poll(isIdle, { timeout: 60_000, interval: 5 }).toBe(true);
      const next = await nextDueAt(db);
      if (next === null || next > monday + 60 * dayMs) break;
      clock.moveTo(next);
    }
    const days = (at: number) => Math.floor((at - monday) / dayMs);
    const { rows } = await sql<{ at: number; why: string; outcome: string }>`
      select ms(run_history.at) as at, why, outcome from run_history join runs on runs.id = run_id
      order by run_history.id`.execute(db);
    expect(rows.map(({ at, why }) => `${days(at)} ${why}`)).toEqual([
      expect.stringContaining('0 deal.stage enters "Qualification"'),
      '0 its turn has come',
      '0 sends qualification-intro',
      expect.stringContaining('0 waits until Wed 25 Nov 2026 11:00 or until contact clicks intro'),
      '2 2 business days passed',
      '2 takes if contact.score.engagement >= 60',
      expect.stringContaining('2 asks'),
      '2 sends case-study',
      expect.stringContaining('2 waits until'),
      '7 5 days passed',
      '7 exits no-response',
    ]);
    expect(rows[0]?.outcome).toBe('no-response');
    const tasks = await db.selectFrom('tasks').select(['owner', 'title', 'node', 'state']).execute();
    expect(tasks).toMatchObject([{ owner: 'olga', title: 'Call Anna about Pumps', node: 'call-task' }]);
    const mails = (await world.deliveries()).filter(({ verb }) => verb === 'send');
    expect(mails.map(({ node, state }) => `${node} ${state}`)).toEqual(['intro sent', 'case-study sent']);
    expect(sink.accepted.length).toBeGreaterThanOrEqual(2);
  });
});

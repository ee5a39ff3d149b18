// The shipped hand-over, whole: through the workers, the mails and the link. Somebody who fits goes to a rep; the rep is late
// and is reminded, and the lead is told; the letters of another workflow wait meanwhile; the lead presses what came of it,
// behind the link of the mail; the letters go on.
import { sql } from 'kysely';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { compileSources, readSources } from '../../cli/definitions.ts';
import { record } from '../../db/events.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { link } from '../../engine/link.ts';
import type { Json } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { buildServer } from '../../web/server.ts';
import { dayMs, hash, hourMs, makeStageChange, monday } from '../harness/factories.ts';
import { house } from '../harness/post.ts';
import { makeWebDeps } from '../harness/web-deps.ts';
import { openWorld } from '../harness/world.ts';

const { plans, templates, catalogue } = await compileSources(readSources('workflows', 'templates'));
const hashes = plans.map((plan) => plan.hash);
const program = link(plans, hashes, steps, catalogue);
const patience = { timeout: 30_000, interval: 20 };

describe('over postgres', { timeout: 300_000 }, async () => {
  const world = await openWorld('postgres', monday, { keepBodies: true });
  const { db, clock, sink } = world;

  it('a rep who is late is helped out by the lead, and the letters wait for what the lead says', async () => {
    const kept = templates.map((body) => ({ ...body, body: body as unknown as Json }));
    const declarations = Object.fromEntries(Object.entries(catalogue)) as { [name: string]: Json };
    await applyDefinitions(db, { plans, templates: kept, declarations }, monday);
    const web = await makeWebDeps(db, { linkKeys: house.keys, program: async () => program });
    const server = buildServer(web.deps);
    const { queues } = await world.openProcess();

    const contact = {
      ...{
        id: 'c-1',
        email: 'anna@acme.example',
        first_name: 'Anna',
        timezone: 'Europe/Vienna',
        locale: 'en',
      },
      ...{ consent: { marketing: true }, role: 'decides', employees: 250 },
    };
    const deal = {
      id: 'd-1',
      budget: 'set',
      timeline: 'quarter',
      need: 'new pumps',
      owner: 'olga',
      objection: 'price',
    };
    const entered = makeStageChange('Closing', { at: monday, contact, deal });
    expect(await record(db, [entered], { now: monday, hash, pipelines: catalogue.pipelines })).toMatchObject([
      { status: 'accepted' },
    ]);
    await queues.ring('advance');

    const to = (address: string) => sink.accepted.filter((mail) => mail.to === address);
    const subjects = async (address: string) =>
      (await Promise.all(to(address).map(({ raw = '' }) => PostalMime.parse(raw)))).map(
        ({ subject = '' }) => subject,
      );
    const count = (address: string) => () => to(address).length;
    await expect.poll(count('anna@acme.example'), patience).toBe(1);
    const tasks = () => db.selectFrom('tasks').select(['owner', 'state', 'outcome']).execute();
    await expect.poll(tasks, patience).toEqual([{ owner: 'olga', state: 'open', outcome: null }]);

    clock.moveTo(monday + 22 * hourMs);
    await expect.poll(count('olga@acme.example'), patience).toBe(1);
    clock.moveTo(monday + 24 * hourMs);
    await expect.poll(count('sales-lead@acme.example'), patience).toBe(1);
    expect([
      ...(await subjects('olga@acme.example')),
      ...(await subjects('sales-lead@acme.example')),
    ]).toEqual([
      'Due soon: Call Anna of a company that is not known',
      'Late, and escalated to you: Call Anna of a company that is not known',
    ]);

    clock.moveTo(monday + 4 * dayMs);
    const waits = async () => {
      const { rows } = await sql<{
        why: string;
      }>`select why from run_history where node = 'price' and what = 'waits'`.execute(db);
      return rows.map(({ why }) => why);
    };
    await expect
      .poll(waits, patience)
      .toEqual([expect.stringContaining('waits for a colleague’s task to be closed')]);
    expect(to('anna@acme.example')).toHaveLength(1);

    const mail = await PostalMime.parse(to('sales-lead@acme.example')[0]?.raw ?? '');
    const [path = ''] = /\/t\/[\w.:-]+/.exec(mail.text ?? '') ?? [];
    web.time.now = clock.at();
    const page = await server.inject({ method: 'GET', url: path });
    expect(page.body).toContain('value="done not-now"');
    expect(await tasks()).toMatchObject([{ state: 'open' }]);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await server.inject({ method: 'POST', url: path, payload: 'do=done+not-now', headers });
    await expect.poll(count('anna@acme.example'), patience).toBe(2);
    expect(await tasks()).toEqual([{ owner: 'olga', state: 'done', outcome: 'not-now' }]);

    clock.moveTo(monday + 12 * dayMs);
    const outcome = async () => {
      const rows = await db
        .selectFrom('runs')
        .select('outcome')
        .where('workflow', '=', 'hand-over')
        .execute();
      return rows.map((run) => run.outcome);
    };
    await expect.poll(outcome, patience).toEqual(['reads-on']);
    await expect
      .poll(async () => (await subjects('anna@acme.example')).join('\n'), patience)
      .toContain('case study');
    await server.close();
  });
});

// One story, told twice: in memory by `simulate`, and through the real workers, queue and ledger. Line for line the same,
// for every shipped workflow and many seeds at once: what a marketer was shown is what a contact gets.
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSources, readSources } from '../../cli/definitions.ts';
import { throwDice } from '../../cli/demo/dice.ts';
import { answerBy, beginAt, dealId, inventContact, inventDeal } from '../../cli/persona.ts';
import { nextDueAt } from '../../db/agenda.ts';
import { record } from '../../db/events.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { link } from '../../engine/link.ts';
import { simulate } from '../../engine/simulate.ts';
import type { Fields, Happening, Json } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { engineNames } from '../harness/engines.ts';
import { hash, monday } from '../harness/factories.ts';
import { openWorld } from '../harness/world.ts';

interface Story {
  readonly key: string;
  readonly contact: Fields;
  readonly deal: Fields;
  readonly happenings: readonly Happening[];
  readonly told: readonly string[];
}

const seeds = 12;
const until = monday + 200 * 86_400_000;
const { plans, templates, catalogue } = await compileSources(readSources('workflows', 'templates'));
const program = link(
  plans,
  plans.map((plan) => plan.hash),
  steps,
  catalogue,
);

const tell = (line: { at: number; what: string; node: string | null; why: string; workflow: string }) =>
  `${new Date(line.at).toISOString()} ${line.workflow} ${line.node ?? '-'} ${line.what}: ${line.why}`;

/** Runs the story in memory, and keeps what happened in it so that it can happen again. */
function rehearse(plan: (typeof plans)[number], seed: number): Story | null {
  const first = beginAt(plan, catalogue, monday);
  if (first === null) return null;
  const happenings = [first];
  const answer = answerBy(throwDice(`${plan.workflow} ${seed}`), catalogue, plan, first);
  const key = `${plan.workflow}-${seed}`;
  const contact = { ...inventContact(plan), id: key, email: `${key}@acme.example` };
  const deal = { ...inventDeal(catalogue, first), id: dealId };
  const world = (asking: Parameters<typeof answer>[0]) => {
    const answers = answer(asking);
    happenings.push(...answers);
    return answers;
  };
  const { timeline } = simulate(program, {
    contact,
    deals: { [dealId]: deal },
    events: [first],
    from: monday,
    until,
    world,
  });
  return { key, contact, deal, happenings, told: timeline.map(tell) };
}

const stories = plans
  .flatMap((plan) => Array.from({ length: seeds }, (_, seed) => rehearse(plan, seed)))
  .filter((story) => story !== null);

describe.each(engineNames)('through the workers over %s', async (engine) => {
  const world = await openWorld(engine);
  const { db, clock } = world;

  /** What happened in the story happens to the ledger's contact: through the doors that production has. */
  async function happen({ key, contact, deal }: Story, event: Happening): Promise<void> {
    if (event.type === 'contact.unsubscribed') {
      const { id } = await db
        .selectFrom('contacts')
        .select('id')
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
      await unsubscribe(db, { contactId: id, topic: String(event.data.topic), now: event.at });
      return;
    }
    const isFirst = event.id === 'story-1';
    const { stage: _, id: __, ...facts } = deal;
    const input = {
      id: `${key}-${event.id}`,
      type: event.type,
      at: event.at,
      contact: { ...(isFirst ? contact : {}), id: key },
      deal: {
        ...(isFirst ? facts : {}),
        id: `deal-of-${key}`,
        ...(event.type === 'deal.stage_changed' ? { stage: String(event.data.to) } : {}),
      },
      data: { ...event.data, ...(await runOf(key, event)) },
    };
    const results = await record(db, [input], { now: event.at, hash, pipelines: catalogue.pipelines });
    expect(results).toMatchObject([{ status: 'accepted' }]);
  }

  /** In memory the first run of a contact is run-1; here it is the first by id. */
  async function runOf(key: string, { data }: Happening): Promise<{ run?: string }> {
    const nth = /^run-(\d+)$/.exec(String(data.run))?.[1];
    if (nth === undefined) return {};
    const { rows } = await sql<{ id: string }>`
      select runs.id from runs join contacts on contacts.id = contact_id where contacts.key = ${key}
      order by runs.id limit 1 offset ${Number(nth) - 1}`.execute(db);
    return rows[0] ? { run: rows[0].id } : {};
  }

  async function isIdle(): Promise<boolean> {
    const { rows } = await sql<{ busy: number }>`
      select (select count(*) from agenda where due_at <= instant(${clock.at()}))
        + (select count(*) from deliveries where settled_at is null and due_at <= instant(${clock.at()})) as busy`.execute(
      db,
    );
    return Number(rows[0]?.busy) === 0;
  }

  beforeAll(async () => {
    const declarations = Object.fromEntries(Object.entries(catalogue)) as { [name: string]: Json };
    const kept = templates.map((body) => ({
      name: body.name,
      locale: body.locale,
      hash: body.hash,
      body: body as unknown as Json,
    }));
    await applyDefinitions(db, { plans, templates: kept, declarations }, monday);
  });

  it('every story is line for line what simulate told', { timeout: 240_000 }, async () => {
    expect(stories.length).toBeGreaterThan(2 * seeds);
    expect(stories.flatMap((story) => story.told).length).toBeGreaterThan(5 * stories.length);
    const { queues } = await world.openProcess();
    let coming = stories.flatMap((story) => story.happenings.map((event) => ({ story, event })));
    for (;;) {
      const nextEventAt = Math.min(...coming.map(({ event }) => event.at));
      const now = Math.min(nextEventAt, (await nextDueAt(db)) ?? Number.POSITIVE_INFINITY);
      if (now > until) break;
      clock.moveTo(now);
      const happening = coming.filter(({ event }) => event.at <= now);
      for (const { story, event } of happening) await happen(story, event);
      coming = coming.filter(({ event }) => event.at > now);
      await queues.ring('advance');
      await expect.poll(isIdle, { timeout: 20_000, interval: 2 }).toBe(true);
    }
    const { rows } = await sql<{
      key: string;
      at: number;
      what: string;
      node: string | null;
      why: string;
      workflow: string;
    }>`
      select contacts.key, run_history.at, what, run_history.node, run_history.why, workflow
      from run_history join runs on runs.id = run_id join contacts on contacts.id = contact_id
      order by contacts.key, run_history.id`.execute(db);
    for (const { key, told } of stories)
      expect({ key, lines: rows.filter((row) => row.key === key).map(tell) }).toEqual({ key, lines: told });
    expect((await world.deliveries()).filter(({ state }) => state === 'unknown')).toEqual([]);
  });
});

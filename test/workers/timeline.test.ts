// One story, told twice: in memory by `simulate` and `test`, and through the real workers, queue and ledger. Line for line
// the same, for every shipped workflow, all of its stories and many seeds at once: what a marketer was shown is what a
// contact gets.
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerBy } from '../../cli/answer.ts';
import { compileSources, readSources } from '../../cli/definitions.ts';
import { throwDice } from '../../cli/demo/dice.ts';
import { nextDueAt } from '../../db/agenda.ts';
import { record } from '../../db/events.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { changeTask } from '../../db/tasks.ts';
import { link } from '../../engine/link.ts';
import { inventPersona } from '../../engine/persona.ts';
import type { Occurrence } from '../../engine/rehearsal.ts';
import { type Simulation, simulate } from '../../engine/simulate.ts';
import type { Fields, Json } from '../../engine/step.ts';
import { runStory, stage } from '../../engine/story-run.ts';
import { steps } from '../../steps/index.ts';
import { engineNames } from '../harness/engines.ts';
import { hash, monday } from '../harness/factories.ts';
import { openWorld } from '../harness/world.ts';

interface Life {
  readonly key: string;
  readonly workflow: string;
  readonly contact: Fields;
  readonly deal: Fields | null;
  readonly happenings: readonly Occurrence[];
  readonly told: readonly string[];
}

const seeds = 12;
const until = monday + 200 * 86_400_000;
const { plans, stories, templates, catalogue } = await compileSources(readSources('workflows', 'templates'));
const program = link(
  plans,
  plans.map((plan) => plan.hash),
  steps,
  catalogue,
);

const tell = (line: { at: number; what: string; node: string | null; why: string; workflow: string }) =>
  `${new Date(line.at).toISOString()} ${line.workflow} ${line.node ?? '-'} ${line.what}: ${line.why}`;

/** Lives it in memory, and keeps what happened so that it can happen again. */
function live(key: string, workflow: string, simulation: Simulation): Life {
  const [[dealId, known] = ['', null]] = Object.entries(simulation.deals);
  const contact = { ...simulation.contact, id: key, email: `${key}@acme.example` };
  const deal = known === null ? null : { ...known, id: `deal-of-${key}` };
  const deals = deal === null ? {} : { [dealId]: deal };
  const { timeline, rehearsal } = simulate(program, { ...simulation, contact, deals, until });
  // A story is about one workflow; what the others did with the same person is not its affair.
  const own = timeline.filter((line) => line.workflow === workflow);
  return {
    key,
    workflow,
    contact,
    deal,
    happenings: rehearsal.heard.filter(({ id }) => id.startsWith('story-')),
    told: own.map(tell),
  };
}

const thrown = plans.flatMap((plan) =>
  Array.from({ length: seeds }, (_, seed) => {
    const { first, ...persona } = inventPersona(plan, catalogue, {}, { at: monday });
    const world = answerBy(throwDice(`${plan.workflow} ${seed}`), catalogue, plan, first);
    const simulation = { ...persona, events: [first], from: monday, until, world };
    return live(`${plan.workflow}-${seed}`, plan.workflow, simulation);
  }),
);
const written = stories.map((story, i) => {
  const { simulation } = stage(story, program);
  return live(`${story.workflow}-story-${i}`, story.workflow, simulation);
});
const lives = [...thrown, ...written];

/** As a CRM would tell it: times and stages are the ledger's own to keep. */
function tellable(facts: Fields): Fields {
  const kept = ['id', 'stage', 'stage_at', 'created_at', 'updated_at'];
  return Object.fromEntries(Object.entries(facts).filter(([field]) => !kept.includes(field)));
}

it('a story is the same in `test`, alone, and in `simulate`, among all workflows', () => {
  expect(stories.length).toBeGreaterThan(plans.length);
  for (const [i, story] of stories.entries()) {
    const alone = runStory(story, program).timeline.filter((line) => line.at <= until);
    expect({ story: story.name, told: alone.map(tell) }).toEqual({
      story: story.name,
      told: written[i]?.told,
    });
  }
});

/** The earliest day 0 of all. */
const began = Math.min(monday, ...stories.map(({ startsAt }) => startsAt));

describe.each(engineNames)('through the workers over %s', async (engine) => {
  const world = await openWorld(engine, began);
  const { db, clock } = world;

  /** What happened in memory happens to the ledger's contact: through the doors that production has. */
  async function happen({ key, contact, deal, happenings }: Life, event: Occurrence): Promise<void> {
    if (event.type === 'contact.unsubscribed') {
      const { id } = await db
        .selectFrom('contacts')
        .select('id')
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
      await unsubscribe(db, { contactId: id, topic: String(event.data.topic), now: event.at });
      return;
    }
    if (await closeTask(key, event)) return;
    const isFirst = event === happenings[0];
    const ofContact = event.facts?.contact ?? (isFirst ? contact : {});
    const ofDeal = event.facts?.deal ?? (isFirst ? deal : null) ?? {};
    const stage = event.type === 'deal.stage_changed' ? event.data.to : ofDeal.stage;
    const input = {
      id: `${key}-${event.id}`,
      type: event.type,
      at: event.at,
      contact: { ...tellable(ofContact), id: key },
      ...(deal === null
        ? {}
        : {
            deal: {
              ...tellable(ofDeal),
              id: `deal-of-${key}`,
              ...(typeof stage === 'string' ? { stage } : {}),
            },
          }),
      data: { ...event.data, ...(await runOf(key, event)) },
    };
    const results = await record(db, [input], { now: event.at, hash, pipelines: catalogue.pipelines });
    expect(results).toMatchObject([{ status: 'accepted' }]);
  }

  /** The open task of that step, where there is one: as its link, or the API, closes it. */
  async function closeTask(key: string, { type, at, data: { step, outcome } }: Occurrence): Promise<boolean> {
    if (type !== 'task.done') return false;
    const { rows } = await sql<{ id: string }>`
      select tasks.id from tasks join contacts on contacts.id = contact_id
      where contacts.key = ${key} and node = ${String(step)} and state = 'open' order by tasks.id desc limit 1`.execute(
      db,
    );
    const change = { state: 'done' as const, ...(typeof outcome === 'string' ? { outcome } : {}) };
    return (
      rows[0] !== undefined && (await changeTask(db, rows[0].id, { change, by: 'test', now: at })) !== null
    );
  }

  /** In memory the first run of a contact is run-1; here it is the first by id. */
  async function runOf(key: string, { data }: Occurrence): Promise<{ run?: string }> {
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
    await applyDefinitions(db, { plans, templates: kept, declarations }, began);
  });

  it('every story is line for line what simulate told', { timeout: 600_000 }, async () => {
    expect(lives.length).toBeGreaterThan(2 * seeds);
    expect(lives.flatMap((life) => life.told).length).toBeGreaterThan(4 * lives.length);
    const { queues } = await world.openProcess();
    let coming = lives.flatMap((life) => life.happenings.map((event) => ({ life, event })));
    for (;;) {
      const nextEventAt = Math.min(...coming.map(({ event }) => event.at));
      const now = Math.min(nextEventAt, (await nextDueAt(db)) ?? Number.POSITIVE_INFINITY);
      if (now > until) break;
      clock.moveTo(now);
      const happening = coming.filter(({ event }) => event.at <= now);
      for (const { life, event } of happening) await happen(life, event);
      coming = coming.filter(({ event }) => event.at > now);
      await queues.ring('advance');
      await expect.poll(isIdle, { timeout: 60_000, interval: 2 }).toBe(true);
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
    for (const { key, workflow, told } of lives) {
      const own = rows.filter((row) => row.key === key && row.workflow === workflow);
      expect({ key, lines: own.map(tell) }).toEqual({ key, lines: told });
    }
    expect((await world.deliveries()).filter(({ state }) => state === 'unknown')).toEqual([]);
  });
});

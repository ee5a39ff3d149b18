// What a workflow did through the workers, a backtest of the same workflow over the same ledger says it would have done:
// the same people, mails, outcomes and goals.
import { describe, expect, it } from 'vitest';
import { answerBy } from '../../cli/answer.ts';
import { toLife } from '../../cli/backtest-life.ts';
import { openTally, replay } from '../../cli/backtest-tally.ts';
import { compileSources, readSources } from '../../cli/definitions.ts';
import { throwDice } from '../../cli/demo/dice.ts';
import { nextDueAt } from '../../db/agenda.ts';
import { record } from '../../db/events.ts';
import { readPast } from '../../db/past.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { link } from '../../engine/link.ts';
import { inventPersona } from '../../engine/persona.ts';
import { simulate } from '../../engine/simulate.ts';
import type { Fields, Json } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { hash, monday } from '../harness/factories.ts';
import { openWorld } from '../harness/world.ts';

const dayMs = 86_400_000;
const people = 24;
const workflow = 'qualification-nurture';
const { plans, templates, catalogue } = await compileSources(readSources('workflows', 'templates'));
const plan = plans.find((one) => one.workflow === workflow);
if (plan === undefined) throw new Error(`there is no ${workflow}`);
const program = link([plan], [plan.hash], steps, catalogue);

/** What each of them does, found out in memory: the same happens to the ledger. */
const happenings = Array.from({ length: people }, (_, i) => {
  const given = { contact: { id: `c-${i}`, email: `c-${i}@acme.example` }, deal: { amount: 500 + 900 * i } };
  const { first, ...persona } = inventPersona(plan, catalogue, given, { at: monday + (i % 5) * dayMs });
  const answer = answerBy(throwDice(`past ${i}`), catalogue, plan, first);
  const world = (asking: Parameters<typeof answer>[0]) =>
    answer(asking).filter(({ type }) => type !== 'contact.unsubscribed');
  const until = monday + 60 * dayMs;
  const { rehearsal } = simulate(program, { ...persona, events: [first], from: first.at, until, world });
  return { i, persona, heard: rehearsal.heard };
});

const told = (facts: Fields): Fields =>
  Object.fromEntries(Object.entries(facts).filter(([field]) => !/^(id|stage|.*_at)$/.test(field)));

describe('a backtest of what ran', async () => {
  const world = await openWorld('postgres');
  const { db, clock } = world;

  it('says what it did', { timeout: 400_000 }, async () => {
    const kept = templates.map((body) => ({ ...body, body: body as unknown as Json }));
    const declarations = Object.fromEntries(Object.entries(catalogue)) as { [name: string]: Json };
    await applyDefinitions(db, { plans: [plan], templates: kept, declarations }, monday);
    const { queues } = await world.openProcess();
    let coming = happenings.flatMap(({ i, persona, heard }) =>
      heard.map((event, n) => ({ i, persona, event, n })),
    );
    const until = monday + 60 * dayMs;
    for (;;) {
      const next = Math.min(
        ...coming.map(({ event }) => event.at),
        (await nextDueAt(db)) ?? Number.POSITIVE_INFINITY,
      );
      if (next > until) break;
      clock.moveTo(next);
      const inputs = coming
        .filter(({ event }) => event.at <= next)
        .map(({ i, persona, event, n }) => ({
          id: `e-${i}-${n}`,
          type: event.type,
          at: event.at,
          contact: { ...(n === 0 ? told(persona.contact) : {}), id: `c-${i}` },
          deal: {
            ...(n === 0 ? told(Object.values(persona.deals)[0] ?? {}) : {}),
            id: `d-${i}`,
            ...(event.type === 'deal.stage_changed' ? { stage: String(event.data.to) } : {}),
          },
          // In the ledger the run has another id; the step is what counts.
          data: { ...(event.data.step === undefined ? {} : { step: event.data.step }), class: 'human' },
        }));
      if (inputs.length > 0) await record(db, inputs, { now: next, hash, pipelines: catalogue.pipelines });
      coming = coming.filter(({ event }) => event.at > next);
      await queues.ring('advance');
      const isIdle = async () => {
        const due = await nextDueAt(db);
        const open = (await world.deliveries()).filter(
          ({ settled_at, due_at }) => settled_at === null && due_at <= next,
        );
        return (due === null || due > next) && open.length === 0;
      };
      await expect.poll(isIdle, { timeout: 60_000, interval: 5 }).toBe(true);
    }

    const tally = openTally();
    const window = { workflow, since: monday, catalogue };
    // Two batches, so that the second begins where the first ended.
    let afterId = '0';
    for (let rows = people; rows > 0; ) {
      const past = await readPast(db, { workflow, since: monday, until: until + 1, afterId, limit: 15 });
      for (const one of past) replay(tally, toLife(one, window), program, until, false);
      rows = past.length;
      afterId = past.at(-1)?.id ?? afterId;
    }
    expect(tally.contacts).toBe(people);
    expect(tally.entered.did).toBeGreaterThan(people / 2);
    for (const pair of [
      tally.entered,
      tally.goals,
      tally.underWay,
      ...tally.mails.values(),
      ...tally.outcomes.values(),
    ])
      expect(pair.would).toBe(pair.did);
    expect([...tally.mails.keys()].length).toBeGreaterThan(2);
    expect([...tally.outcomes.keys()].length).toBeGreaterThan(1);
    expect(tally.subjects).toEqual({
      would: tally.entered.did,
      did: tally.entered.did,
      both: tally.entered.did,
    });
  });
});

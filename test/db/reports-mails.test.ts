// Mail numbers by people, against the same counted one by one from what was generated: a second way, with no SQL in it.
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { countMails } from '../../db/reports-mails.ts';
import { countWorkflows } from '../../db/reports-runs.ts';
import { rollDice } from '../analysis/random.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { makeContacts, makePlan, usePlans } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const dice = rollDice(6);
const period = { from: monday, until: monday + 30 * dayMs, at: monday + 30 * dayMs };

interface Letter {
  readonly id: number;
  readonly contact: number;
  readonly workflow: string;
  readonly template: string;
  readonly state: string;
  readonly at: number;
  readonly looks: readonly { readonly kind: string; readonly class: string }[];
  readonly happened: ReadonlySet<string>;
}
const classes = ['human', 'scanner', 'proxy', 'unknown'];
const letters: Letter[] = Array.from({ length: 400 }, (_, i) => {
  const state = ['sent', 'sent', 'sent', 'refused', 'cancelled'][dice.pick([6, 6, 6, 1, 1])] ?? 'sent';
  const kinds = ['replied', 'unsubscribed', 'bounced', 'complained'].filter(() => dice.chance(0.08));
  return {
    id: i + 1,
    contact: 1 + dice.below(60),
    workflow: ['nurture', 'welcome'][dice.below(2)] ?? '',
    template: ['intro', 'case', 'offer'][dice.below(3)] ?? '',
    state,
    // Some are of the month before.
    at: monday + (dice.below(36) - 6) * dayMs,
    looks:
      state === 'sent'
        ? Array.from({ length: dice.below(3) }, () => ({
            kind: dice.chance(0.5) ? 'open' : 'click',
            class: classes[dice.pick([2, 2, 1, 1])] ?? '',
          }))
        : [],
    happened: new Set(kinds),
  };
});

beforeAll(async () => {
  await usePlans(db, makePlan(), makePlan({ workflow: 'welcome' }));
  await makeContacts(db, 60);
  const rows = letters.map(({ looks: _, happened: __, ...letter }) => letter);
  await sql`
    insert into deliveries (id, run_id, contact_id, due_at, expires_at, created_at, settled_at, state, verb, workflow, node,
      key, topic, payload, why)
    select id, id, contact, instant(at), instant(at), instant(at), instant(at), state, 'send', workflow, 'n', 'k',
      'marketing', jsonb_build_object('template', template), 'as it went'
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id bigint, contact bigint, workflow text, template text,
      state text, at double precision)`.execute(db);
  const looks = letters.flatMap(({ id, at, looks }) => looks.map((look) => ({ ...look, id, at })));
  await sql`
    insert into hits (delivery_id, at, judged_at, kind, target, method, class, signs)
    select id, instant(at), instant(at), kind, case kind when 'click' then 't' end, 'GET', class, '{}'
    from json_to_recordset(${JSON.stringify(looks)}::json) as r(id bigint, at double precision, kind text, class text)`.execute(
    db,
  );
  const told = letters.flatMap(({ id, contact, workflow, at, happened }) =>
    [...happened].map((what) => ({ id, contact, workflow, at, what })),
  );
  const said = sql`json_to_recordset(${JSON.stringify(told)}::json) as r(id bigint, contact bigint, workflow text,
    at double precision, what text)`;
  await sql`
    insert into events (contact_id, at, received_at, type, source_id, data)
    select contact, instant(at), instant(at), 'mail.replied', 'r-' || id, jsonb_build_object('delivery', id::text)
    from ${said} where what = 'replied'`.execute(db);
  await sql`
    insert into consents (contact_id, at, recorded_at, delivery_id, topic, what, how)
    select contact, instant(at), instant(at), id, 'marketing', 'withdrawn', 'unsubscribe link'
    from ${said} where what = 'unsubscribed'`.execute(db);
  await sql`
    insert into mail_faults (at, delivery_id, kind, workflow)
    select instant(at), id, case what when 'bounced' then 'bounce' else 'complaint' end, workflow
    from ${said} where what in ('bounced', 'complained')`.execute(db);
});

function countByHand(workflow: string, template: string | null) {
  const own = letters.filter(
    (one) =>
      one.workflow === workflow &&
      (template === null || one.template === template) &&
      ['sent', 'refused'].includes(one.state) &&
      one.at >= period.from &&
      one.at < period.until,
  );
  const people = (is: (letter: Letter) => boolean) => new Set(own.filter(is).map(({ contact }) => contact));
  const isHuman = (one: Letter) => one.looks.some((look) => look.class === 'human');
  const opened = people(isHuman);
  return {
    workflow,
    template,
    topics: ['marketing'],
    sent: people(({ state }) => state === 'sent').size,
    opened: opened.size,
    clicked: people(({ looks }) => looks.some((look) => look.kind === 'click' && look.class === 'human'))
      .size,
    replied: people(({ happened }) => happened.has('replied')).size,
    unsubscribed: people(({ happened }) => happened.has('unsubscribed')).size,
    complained: people(({ happened }) => happened.has('complained')).size,
    bounced: people(({ happened }) => happened.has('bounced')).size,
    machines: [...people(({ looks }) => looks.length > 0)].filter((contact) => !opened.has(contact)).length,
  };
}

it('counts the people of each workflow and template, and machines apart', async () => {
  const expected = ['nurture', 'welcome'].flatMap((workflow) =>
    [null, 'case', 'intro', 'offer'].map((template) => countByHand(workflow, template)),
  );
  expect(await countMails(db, period)).toEqual(expected);
  expect(expected.every(({ opened, machines, bounced }) => opened > 0 && machines > 0 && bounced > 0)).toBe(
    true,
  );
});

it('knows nothing that came later', async () => {
  const [first] = await countMails(db, { ...period, at: monday - 7 * dayMs });
  expect(first).toMatchObject({
    opened: 0,
    clicked: 0,
    replied: 0,
    unsubscribed: 0,
    bounced: 0,
    machines: 0,
  });
  expect(first?.sent).toBeGreaterThan(0);
});

it('counts a deal that entered again once where it is compared with those held out, by its first run', async () => {
  const run = (contact: number, deal: number, at: number, goal: boolean, isHeld: boolean) => ({
    contact,
    deal,
    at: monday + at * dayMs,
    goal,
    memory: { visits: isHeld ? { '@held-out': 1 } : { n: 1 } },
  });
  const rows = [
    run(1, 11, 0, false, false),
    run(1, 11, 9, true, false),
    run(2, 21, 1, true, false),
    run(2, 22, 1, true, true),
    run(3, 31, 2, false, true),
  ];
  await sql`
    insert into runs (contact_id, deal_id, entered_at, node_at, ended_at, goal, workflow, plan_hash, outcome, memory)
    select contact, deal, instant(at), instant(at), instant(at), goal, 'nurture', 'hash-of-nurture', 'x', memory
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(contact bigint, deal bigint, at double precision,
      goal boolean, memory jsonb)`.execute(db);
  expect(await countWorkflows(db, { ...period, gate: '@held-out' })).toEqual([
    {
      workflow: 'nurture',
      entered: 3,
      reached: 2,
      underWay: 0,
      treated: { people: 2, reached: 1 },
      heldOut: { people: 2, reached: 1 },
    },
  ]);
});

it('gives those held out no more time for the goal than the longest run of the others took', async () => {
  const insert = (deal: number, days: number, goal: boolean, memory: string) => sql`
    insert into runs (contact_id, deal_id, entered_at, node_at, ended_at, goal, workflow, plan_hash, outcome, memory)
    values (1, ${deal}, instant(${monday}), instant(${monday}), instant(${monday + days * dayMs}), ${goal}, 'late-goals',
      'hash-of-nurture', 'x', ${memory}::jsonb)`;
  const treated = '{"visits": {"n": 1}}';
  const held = '{"visits": {"@held-out": 1}}';
  await insert(11, 10, false, treated).execute(db);
  await insert(12, 3, true, treated).execute(db);
  await insert(21, 9, true, held).execute(db);
  await insert(22, 25, true, held).execute(db);
  const counted = await countWorkflows(db, { ...period, gate: '@held-out' });
  expect(counted.find(({ workflow }) => workflow === 'late-goals')).toMatchObject({
    treated: { people: 2, reached: 1 },
    heldOut: { people: 2, reached: 1 },
  });
});

// Scores: what runs along with the events equals what the log comes to when it is folded whole, whatever came late; and
// after a change of the rules the whole ledger is counted anew. Events are written by SQL as the intake leaves them; the
// engine reads them in rounds, so that states are carried on many times.
import { sql } from 'kysely';
import { pino } from 'pino';
import { applyDefinitions } from '../../db/plans.ts';
import { readRescan } from '../../db/rescans.ts';
import { readLogs } from '../../db/scores.ts';
import { compile } from '../../engine/compile.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { type Engagement, foldEvents } from '../../engine/score.ts';
import type { Scored } from '../../engine/scored.ts';
import type { Json } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { drainAdvance } from '../../workers/advance.ts';
import { watchDefinitions } from '../../workers/definitions.ts';
import { rescanAll } from '../../workers/rescan.ts';
import { pipelinesFile } from '../harness/definitions.ts';
import type { Ground } from './ground.ts';
import { defineTrial } from './trial.ts';

export interface ScoreTrial {
  readonly seed: number;
  /** Whom the engine follows; as many again have a past that nobody has counted. */
  readonly contacts: number;
  /** Of each contact. */
  readonly events: number;
  readonly rounds: number;
}
export type ScoreReport = {
  /** The largest difference between a rule's running points and those of the whole log, after the rounds; and after counting anew. */
  readonly worst: number;
  readonly worstAnew: number;
  readonly runs: number;
  /** Events a second that the engine read, late ones among them. */
  readonly readPerSecond: number;
  readonly recounted: number;
  readonly recountSeconds: number;
  readonly recountedEvents: number;
};

export const scores = defineTrial({
  name: 'scores',
  says: 'running scores equal the fold of the log to 1e-9; a million events are counted anew in under 60 s',
  options: { contacts: 10_000, events: 50, rounds: 5 },
  run: (options, ground): Promise<ScoreReport> => runScores(ground, options),
  isMet: ({ worst, worstAnew, recountSeconds, recounted, runs }) =>
    Math.max(worst, worstAnew) < 1e-9 && recountSeconds < 60 && recounted > 0 && runs > 0,
});

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 5);
const workflow = `workflow: hot
enter: { when: contact.score.engagement rises above 30, again: always }
exit:
  - when: contact.score.engagement falls below 20
    outcome: cooled
steps:
  - id: watch
    wait: 365d
`;
const rulesWith = (clickPoints: number, halfLife: string) => `engagement:
  half_life: ${halfLife}
  rules:
    - { id: clicks, when: contact clicks, points: ${clickPoints}, cap: 40 }
    - { id: opens, when: contact opens, points: 1, cap: 10, half_life: 7 days }
    - { id: leaves, when: event "left", points: -15, half_life: 90 days }
    - { id: stays, when: event "stayed", points: 2, half_life: never, cap: 20 }
`;

export async function runScores({ db }: Ground, trial: ScoreTrial): Promise<ScoreReport> {
  const { contacts, events, rounds, seed } = trial;
  const use = async (rules: string, now: number) => {
    const files = [pipelinesFile, { path: 'scores.yaml', text: rules }];
    const { catalogue, diagnostics } = readCatalogue(files, {});
    const compiled = compile([{ path: 'hot.yaml', text: workflow }], steps, catalogue);
    const found = [...diagnostics, ...compiled.diagnostics];
    if (found.length > 0) throw new Error(JSON.stringify(found));
    const declarations = catalogue as unknown as { readonly [name: string]: Json };
    await applyDefinitions(db, { plans: compiled.plans, templates: [], declarations }, now);
  };
  await use(rulesWith(10, '30 days'), start);
  await sql`
    insert into contacts (key, created_at, updated_at, facts_at)
    select 's-' || n, instant(${start}), instant(${start}), instant(${start})
    from generate_series(1, ${2 * contacts}::int) as n`.execute(db);
  let now = start;
  const definitions = watchDefinitions(steps);
  const log = pino({ level: 'silent' });
  const shared = { db, definitions, log, isStopping: () => false, ring: async () => undefined };
  const clock = { now: async () => now };
  let readMs = 0;
  for (let round = 0; round < rounds; round++) {
    now = start + (round + 1) * 20 * dayMs;
    await happen(round, now);
    const begun = performance.now();
    await drainAdvance({ ...shared, clock, batch: 500 });
    readMs += performance.now() - begun;
  }
  const worst = await worstOf(1, contacts);
  const { rows: runs } = await sql<{ n: number }>`select count(*)::int as n from runs`.execute(db);

  await use(rulesWith(12, '20 days'), now);
  const begun = performance.now();
  await rescanAll({ ...shared, clock, batch: 1_000, everyMs: 1_000 });
  const recountSeconds = (performance.now() - begun) / 1000;
  const { done = 0 } = (await readRescan(db)) ?? {};
  return {
    worst,
    worstAnew: await worstOf(1, 2 * contacts),
    runs: runs[0]?.n ?? 0,
    readPerSecond: Math.round((contacts * events) / (readMs / 1000)),
    recounted: done,
    recountSeconds,
    recountedEvents: 2 * contacts * events,
  };

  /** A round's share of each contact's events, some of them older than what came before; unread for the first half. */
  async function happen(round: number, at: number): Promise<void> {
    const each = Math.ceil(events / rounds);
    await sql`
      with drawn as (
        select contacts.id, n, hashint8(contacts.id * 1000003 + n * 7919 + ${seed}::int + ${round}::int * 31) & 1048575 as draw
        from contacts, generate_series(1, ${each}::int) as n
      ),
      happened as (
        insert into events (contact_id, at, received_at, type, source_id, data)
        select id, instant(${at}::float8 - (draw % 27) * ${dayMs}::float8 - draw % 86399999), instant(${at}),
          case draw % 5 when 0 then 'left' when 1 then 'mail.opened' when 2 then 'stayed' else 'mail.clicked' end,
          'trial-' || ${round}::int || '-' || id || '-' || n,
          case when draw % 7 = 0 then '{"class": "scanner"}'::jsonb else '{}'::jsonb end
        from drawn order by 2
        returning id, contact_id
      ),
      unseen as (
        insert into unread (contact_id, event_id)
        select contact_id, id from happened where contact_id <= ${contacts}::int
      )
      insert into agenda (contact_id, due_at)
      select distinct contact_id, instant(${at}) from happened where contact_id <= ${contacts}::int
      on conflict (contact_id) do update set due_at = excluded.due_at`.execute(db);
    // As the ledger's own vacuum does in time.
    await sql`analyze`.execute(db);
  }

  /** Folds every log whole, and holds the rows against it. */
  async function worstOf(from: number, to: number): Promise<number> {
    const { scoring } = await definitions.program(db, []);
    if (scoring === null) throw new Error('nothing is scored');
    let largest = 0;
    for (let first = from; first <= to; first += 1_000) {
      const { rows } = await sql<{ id: string } & Scored>`
        select contact_id::text as id, rules, state, levels from scores
        where contact_id >= ${first}::int and contact_id < ${Math.min(first + 1_000, to + 1)}::int`.execute(
        db,
      );
      if (rows.length !== Math.min(1_000, to - first + 1)) return Number.POSITIVE_INFINITY;
      const logs = await readLogs(
        db,
        rows.map((row) => row.id),
      );
      for (const { id, rules, state } of rows) {
        if (rules !== scoring.hash) return Number.POSITIVE_INFINITY;
        const whole = foldEvents(scoring.rules.engagement, {}, logs.get(id) ?? [], scoring.hears).state;
        largest = Math.max(largest, apart(whole, state));
      }
    }
    return largest;
  }
}

/** The largest difference in points or instants of any rule. */
function apart(one: Engagement, other: Engagement): number {
  const rules = new Set([...Object.keys(one), ...Object.keys(other)]);
  const differences = [...rules].flatMap((rule) => [
    Math.abs((one[rule]?.value ?? 0) - (other[rule]?.value ?? 0)),
    Math.abs((one[rule]?.at ?? 0) - (other[rule]?.at ?? 0)),
  ]);
  return Math.max(0, ...differences);
}

// What is applied: plans, templates and declarations, under one revision that every worker compares its caches with.
// Promises: all of it or nothing; applying the same again changes nothing; a plan that an open run stands on is kept.
// Breaks if definitions are written past this file: the revision would not move, and workers would go on with the old.
import { sql } from 'kysely';
import { hashJson } from '../engine/hash.ts';
import type { Lineage } from '../engine/migrate.ts';
import { isTimed } from '../engine/phrase.ts';
import type { Plan } from '../engine/plan.ts';
import type { Policy } from '../engine/policy.ts';
import { hasLevel } from '../engine/score-levels.ts';
import type { Json } from '../engine/step.ts';
import { holding, holdStill, unparkAll } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { reopenDoors } from './doors.ts';
import { readLineage } from './lineage.ts';
import { beginRescan } from './rescans.ts';
import { type StoredTarget, writeTargets } from './targets.ts';

/** A compiled template as the ledger keeps it; what `body` means is the mail room's affair. */
export interface StoredTemplate {
  readonly name: string;
  readonly locale: string;
  readonly hash: string;
  readonly body: Json;
  /** Where its tracked links lead. */
  readonly targets?: readonly StoredTarget[];
}
export interface Definitions {
  readonly plans: readonly Plan[];
  readonly templates: readonly StoredTemplate[];
  /** pipelines, facts, policy and the like, by the name of their file. */
  readonly declarations: { readonly [name: string]: Json };
}

/** `check` looks at the ground while nothing moves on it; where it throws, nothing is applied. */
export async function applyDefinitions(
  db: Db,
  definitions: Definitions,
  now: number,
  check: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<{ revision: number; changed: boolean }> {
  return await transact(db, async (tx) => {
    await holdStill(tx);
    await check(tx);
    const begun = await writePlans(tx, definitions.plans, now);
    const redeclared = await writeDeclarations(tx, definitions.declarations);
    const changes =
      begun.made.length + begun.retired + redeclared + (await writeTemplates(tx, definitions.templates, now));
    await beginCounting(tx, definitions.declarations.scores ?? null, now);
    await writeTargets(tx, definitions.templates, now);
    if (changes === 0) return { revision: await readRevision(tx), changed: false };
    // Whom the engine failed on may pass now.
    await unparkAll(tx, now);
    // A moment that a new workflow waits for is on nobody's agenda until they have been looked at once; declarations may
    // move the moments of all. Everybody is looked at for that alone: not for a word in a template, or another workflow.
    const timed = definitions.plans.filter(({ enter }) => isTimed(enter.when) || hasLevel(enter.when));
    if (timed.some(({ hash }) => redeclared > 0 || begun.made.includes(hash)))
      await holding(sql`select id from contacts`, now).execute(tx);
    const { rows } = await sql<{ revision: number }>`
      update applied set revision = revision + 1, applied_at = instant(${now}),
        default_topics = ${defaultTopics(definitions.declarations)}::text[]
      returning revision::int as revision`.execute(tx);
    return { revision: rows[0]?.revision ?? 0, changed: true };
  });
}

/** Scores that change are counted anew in the background; until a contact's turn has come, its log answers for it. */
async function beginCounting(tx: Tx, scores: Json, now: number): Promise<void> {
  if (scores !== null) await beginRescan(tx, hashJson(scores), now);
}

/** Those that are wanted until the contact says no (engine/policy.ts). */
function defaultTopics({ policy }: Definitions['declarations']): string[] {
  const { topics = {} } = (policy ?? {}) as Partial<Policy>;
  return Object.keys(topics).filter((topic) => topics[topic]?.isDefault === true);
}

export async function readRevision(db: Db | Tx): Promise<number> {
  const { rows } = await sql<{ revision: number }>`select revision::int as revision from applied`.execute(db);
  return rows[0]?.revision ?? 0;
}

export interface AppliedPlans {
  /** The hashes of those that take new entries. */
  readonly current: readonly string[];
  readonly plans: readonly Plan[];
  readonly lineage: Lineage;
}

/** The current plans, and those that open runs stand on. */
export async function readPlans(db: Db | Tx): Promise<AppliedPlans> {
  const { rows } = await sql<{ hash: string; is_current: boolean; body: Plan }>`
    select hash, is_current, body from plans
    where is_current or exists (select 1 from runs where plan_hash = plans.hash and ended_at is null)
    order by workflow, applied_at`.execute(db);
  return {
    current: rows.filter((row) => row.is_current).map((row) => row.hash),
    plans: rows.map((row) => row.body),
    lineage: await readLineage(db),
  };
}

export async function readDeclarations(db: Db | Tx): Promise<{ [name: string]: Json }> {
  const rows = await db.selectFrom('declarations').selectAll().orderBy('name').execute();
  return Object.fromEntries(rows.map((row) => [row.name, row.body]));
}

/** The unique index on current plans is checked row by row, so the old one goes first. */
async function writePlans(
  tx: Tx,
  plans: readonly Plan[],
  now: number,
): Promise<{ readonly made: readonly string[]; readonly retired: number }> {
  await reopenDoors(tx, plans, now);
  const { numAffectedRows: retired = 0n } = await sql`
    update plans set is_current = false
    where is_current and not hash = any(${plans.map((plan) => plan.hash)}::text[])`.execute(tx);
  const rows = plans.map(({ hash, workflow, ...rest }) => ({
    hash,
    workflow,
    body: { hash, workflow, ...rest },
  }));
  const { rows: made } = await sql<{ hash: string }>`
    insert into plans (hash, workflow, applied_at, made_at, is_current, body)
    select hash, workflow, instant(${now}), instant(${now}), true, body
    from json_to_recordset(${JSON.stringify(rows)}::json) as said(hash text, workflow text, body json)
    on conflict (hash) do update set is_current = true, is_pinned = false, applied_at = excluded.applied_at
      where not plans.is_current
    returning hash`.execute(tx);
  const pinning = plans.filter((plan) => plan.inFlight === 'pin').map((plan) => plan.workflow);
  await sql`
    update plans set is_pinned = true
    where not is_current and not is_pinned and workflow = any(${pinning}::text[])`.execute(tx);
  return { made: made.map(({ hash }) => hash), retired: Number(retired) };
}

async function writeTemplates(tx: Tx, templates: readonly StoredTemplate[], now: number): Promise<number> {
  const { numAffectedRows: changed = 0n } = await sql`
    insert into templates (name, locale, hash, applied_at, body)
    select name, locale, hash, instant(${now}), body
    from json_to_recordset(${JSON.stringify(templates)}::json) as said(name text, locale text, hash text, body json)
    on conflict (name, locale) do update set hash = excluded.hash, applied_at = excluded.applied_at,
      body = excluded.body where templates.hash <> excluded.hash`.execute(tx);
  const { numAffectedRows: gone = 0n } = await sql`
    delete from templates where not exists (
      select 1 from json_to_recordset(${JSON.stringify(templates)}::json) as said(name text, locale text)
      where said.name = templates.name and said.locale = templates.locale)`.execute(tx);
  return Number(changed + gone);
}

async function writeDeclarations(tx: Tx, declarations: Definitions['declarations']): Promise<number> {
  // A declaration that says nothing (null) is kept as one that is not there: readers fall back to what is empty.
  const rows = Object.entries(declarations)
    .filter(([, body]) => body !== null)
    .map(([name, body]) => ({ name, body }));
  const { numAffectedRows: changed = 0n } = await sql`
    insert into declarations (name, body)
    select name, body from json_to_recordset(${JSON.stringify(rows)}::json) as said(name text, body json)
    on conflict (name) do update set body = excluded.body where declarations.body::text <> excluded.body::text`.execute(
    tx,
  );
  const { numAffectedRows: gone = 0n } = await sql`
    delete from declarations where not name = any(${rows.map((row) => row.name)}::text[])`.execute(tx);
  return Number(changed + gone);
}

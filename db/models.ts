// What was learnt from decided deals: one model by name, with the report of how far to trust it. A new one moves the
// revision, so that every process asks it from then on.
import { sql } from 'kysely';
import type { Fields, Json } from '../engine/step.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface StoredModel {
  readonly trainedAt: number;
  readonly body: Json;
  readonly report: Json;
}

export async function writeModel(
  db: Db,
  name: string,
  { body, report, trainedAt }: StoredModel,
): Promise<void> {
  await transact(db, async (tx) => {
    await sql`
      insert into models (name, trained_at, body, report)
      values (${name}, instant(${trainedAt}), ${JSON.stringify(body)}::json, ${JSON.stringify(report)}::json)
      on conflict (name) do update set trained_at = excluded.trained_at, body = excluded.body,
        report = excluded.report`.execute(tx);
    await sql`update applied set revision = revision + 1`.execute(tx);
  });
}

/** null: nothing of that name was learnt. */
export async function readModel(db: Db | Tx, name: string): Promise<StoredModel | null> {
  const { rows } = await sql<StoredModel>`
    select ms(trained_at) as "trainedAt", body, report from models where name = ${name}`.execute(db);
  return rows[0] ?? null;
}

export interface DecidedDeal {
  readonly id: string;
  readonly stage: string;
  readonly contact: Fields;
  readonly deal: Fields;
}

/** The latest deals that stand in one of these stages of their pipelines, with all that is known of them now. */
export async function readDecided(
  db: Db,
  stages: readonly { readonly pipeline: string; readonly stage: string }[],
  limit: number,
): Promise<DecidedDeal[]> {
  const { rows } = await sql<DecidedDeal>`
    with decided as (
      select said.pipeline, said.stage
      from json_to_recordset(${JSON.stringify(stages)}::json) as said(pipeline text, stage text)
    )
    select deals.key as id, deals.stage, ${contactFacts} as contact, ${dealFacts} as deal
    from deals join decided using (pipeline, stage) join contacts on contacts.id = deals.contact_id
    order by deals.stage_at desc, deals.id desc limit ${limit}`.execute(db);
  return rows;
}

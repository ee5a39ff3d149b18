// Numbers over the whole ledger, each in one pass. They read whole tables: for a person who asks, never for a worker.
import { sql } from 'kysely';
import type { Db } from './connect.ts';
import type { DeliveryState } from './schema.ts';

export async function countContacts(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from contacts`.execute(db);
  return rows[0]?.n ?? 0;
}

export interface StageCount {
  readonly pipeline: string;
  readonly stage: string;
  readonly deals: number;
  readonly amount: number;
}

export async function countDealsByStage(db: Db): Promise<StageCount[]> {
  const { rows } = await sql<StageCount>`
    select pipeline, stage, count(*)::int as deals, coalesce(sum(amount), 0) as amount
    from deals where stage is not null group by pipeline, stage order by pipeline, stage`.execute(db);
  return rows;
}

export interface RunCount {
  readonly workflow: string;
  /** entered = underWay + goal + left. */
  readonly entered: number;
  readonly underWay: number;
  readonly goal: number;
  readonly left: number;
}

export async function countRuns(db: Db): Promise<RunCount[]> {
  const { rows } = await sql<RunCount>`
    select workflow, count(*)::int as entered,
      count(*) filter (where ended_at is null)::int as "underWay",
      count(*) filter (where goal)::int as goal,
      count(*) filter (where ended_at is not null and not goal)::int as "left"
    from runs group by workflow order by workflow`.execute(db);
  return rows;
}

/** Every state, those without a mail too. A task or a call is no mail; what is mailed to the owner of a task is one. */
export async function countMails(db: Db): Promise<{ readonly [state in DeliveryState]: number }> {
  const { rows } = await sql<{ state: DeliveryState; n: number }>`
    select state, count(*)::int as n from deliveries
    where verb in ('send', 'survey', 'report') or payload ? 'notice' group by state`.execute(db);
  const none = {
    queued: 0,
    sending: 0,
    committing: 0,
    sent: 0,
    deferred: 0,
    refused: 0,
    unknown: 0,
    cancelled: 0,
  };
  return { ...none, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) };
}

export interface UnknownDelivery {
  readonly id: string;
  /** null: the contact was erased. */
  readonly contactKey: string | null;
  readonly workflow: string;
  readonly node: string;
  readonly topic: string | null;
  readonly settledAt: number;
  readonly why: string;
}

/** What may or may not have left, the oldest first: what an operator must see. */
export async function listUnknown(db: Db, limit: number): Promise<UnknownDelivery[]> {
  const { rows } = await sql<UnknownDelivery>`
    select deliveries.id, contacts.key as "contactKey", workflow, node, topic, settled_at as "settledAt", why
    from deliveries left join contacts on contacts.id = deliveries.contact_id
    where unknown_at is not null order by unknown_at, deliveries.id limit ${limit}`.execute(db);
  return rows;
}

// One contact, with all that happened to it and why: for the operator's page and for the reading API. Reads only,
// each list newest first and capped, so that a contact with a long past costs no more than one with a short one.
import { sql } from 'kysely';
import type { Fields, Happening, Json } from '../engine/step.ts';
import type { Db } from './connect.ts';
import { type Contact, findContact } from './contacts.ts';
import { dealFacts } from './facts.ts';
import type { DeliveryState } from './schema.ts';

export interface ContactPast {
  readonly contact: Contact;
  readonly deals: readonly KnownDeal[];
  readonly runs: readonly KnownRun[];
  readonly deliveries: readonly KnownDelivery[];
  readonly events: readonly KnownEvent[];
  readonly suppressions: readonly { readonly topic: string; readonly reason: string; readonly at: number }[];
}

export interface KnownDeal {
  /** The customer's own id, as that of its contact. */
  readonly key: string;
  readonly contact: string;
  readonly facts: Fields;
  /** Every stage it came to, oldest first. */
  readonly history: readonly StageMove[];
}

interface StageMove {
  readonly at: number;
  readonly from: string | null;
  readonly to: string;
  /** Came after a later one, and joined the history only. */
  readonly late: boolean;
}

export interface KnownRun {
  readonly id: string;
  readonly workflow: string;
  readonly deal: string | null;
  readonly enteredAt: number;
  readonly endedAt: number | null;
  readonly node: string | null;
  readonly wakeAt: number | null;
  readonly outcome: string | null;
  readonly goal: boolean;
  readonly lines: readonly {
    readonly at: number;
    readonly what: string;
    readonly node: string | null;
    readonly why: string;
  }[];
}

export interface KnownDelivery {
  readonly id: string;
  readonly runId: string;
  readonly workflow: string;
  readonly node: string;
  readonly verb: string;
  readonly topic: string | null;
  readonly payload: Json;
  readonly state: DeliveryState;
  readonly attempt: number;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly settledAt: number | null;
  readonly why: string | null;
  readonly reply: string | null;
  /** Oldest first. */
  readonly hits: readonly KnownHit[];
}

/** Hits on a mail that say the same, together. */
export interface KnownHit {
  readonly kind: 'open' | 'click';
  /** As it stands in the template; null: an open, or the link that no person sees. */
  readonly url: string | null;
  /** null: not judged yet. */
  readonly class: 'human' | 'scanner' | 'proxy' | 'unknown' | null;
  readonly reasons: readonly string[];
  readonly times: number;
  /** The first of them. */
  readonly at: number;
}

export interface KnownEvent {
  readonly sourceId: string;
  readonly type: string;
  readonly at: number;
  readonly deal: string | null;
  readonly isUnread: boolean;
  readonly data: Fields;
}

const MOST_DEALS = 50;
const MOST_RUNS = 50;
const MOST_LINES = 200;
const MOST_DELIVERIES = 100;
const MOST_EVENTS = 100;
const MOST_HITS = 12;

/** By the customer's own id; null where there is none. */
export async function readContactPast(db: Db, key: string): Promise<ContactPast | null> {
  const contact = await findContact(db, key);
  if (contact === null) return null;
  const [deals, runs, deliveries, events, suppressions] = await Promise.all([
    readDeals(db, sql`deals.contact_id = ${contact.id}`),
    readRuns(db, contact.id),
    readDeliveries(db, contact.id),
    readEvents(db, contact.id),
    readSuppressions(db, contact.id),
  ]);
  return { contact, deals, runs, deliveries, events, suppressions };
}

export async function readDealPast(db: Db, key: string): Promise<KnownDeal | null> {
  const [deal] = await readDeals(db, sql`deals.key = ${key}`);
  return deal ?? null;
}

/** The latest events of a contact as the engine is told of them, newest first. */
export async function readHappenings(db: Db, contactId: string): Promise<readonly Happening[]> {
  const { rows } = await sql<Happening>`
    select id, type, at, deal_id as "dealId", data from events
    where contact_id = ${contactId} order by at desc, id desc limit ${MOST_EVENTS}`.execute(db);
  return rows;
}

/** Someone to whom something happened lately. */
export interface ActiveContact {
  readonly key: string;
  readonly name: string;
  readonly company: string | null;
  readonly lastAt: number;
  readonly lastType: string;
}

const RECENT_EVENTS = 500;

/** The last to come first, among the latest events: read from the end of their key, whatever the ledger holds. */
export async function listActive(db: Db, limit: number): Promise<ActiveContact[]> {
  const { rows } = await sql<ActiveContact>`
    select contacts.key, concat_ws(' ', first_name, last_name) as name, company, at as "lastAt", type as "lastType"
    from (select distinct on (contact_id) contact_id, id, at, type
          from (select contact_id, id, at, type from events order by id desc limit ${RECENT_EVENTS}) latest
          order by contact_id, id desc) latest
    join contacts on contacts.id = latest.contact_id
    order by latest.id desc limit ${limit}`.execute(db);
  return rows;
}

/** The key of the contact that a delivery is for; null where either is gone. */
export async function findRecipient(db: Db, deliveryId: string): Promise<string | null> {
  const { rows } = await sql<{ key: string }>`
    select contacts.key from contacts join deliveries on contacts.id = contact_id
    where deliveries.id = ${deliveryId}`.execute(db);
  return rows[0]?.key ?? null;
}

async function readDeals(db: Db, which: ReturnType<typeof sql>): Promise<readonly KnownDeal[]> {
  const { rows } = await sql<KnownDeal>`
    select deals.key, contacts.key as contact, ${dealFacts} as facts, h.history
    from deals join contacts on contacts.id = deals.contact_id
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('at', ms(s.at), 'from', s.from_stage, 'to', s.to_stage, 'late', s.late)
                                order by s.at, s.id), '[]') as history
      from stage_history s where s.deal_id = deals.id) h
    where ${which}
    order by deals.updated_at desc, deals.id desc limit ${MOST_DEALS}`.execute(db);
  return rows;
}

async function readRuns(db: Db, contactId: string): Promise<readonly KnownRun[]> {
  const { rows } = await sql<KnownRun>`
    select r.id, r.workflow, d.key as deal, r.entered_at as "enteredAt", r.ended_at as "endedAt", r.node,
           r.wake_at as "wakeAt", r.outcome, r.goal, h.lines
    from runs r left join deals d on d.id = r.deal_id
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('at', ms(l.at), 'what', l.what, 'node', l.node, 'why', l.why)
                                order by l.id), '[]') as lines
      from (select * from run_history where run_id = r.id order by id desc limit ${MOST_LINES}) l) h
    where r.contact_id = ${contactId}
    order by r.entered_at desc, r.id desc limit ${MOST_RUNS}`.execute(db);
  return rows;
}

async function readDeliveries(db: Db, contactId: string): Promise<readonly KnownDelivery[]> {
  const { rows } = await sql<KnownDelivery>`
    select id, run_id as "runId", workflow, node, verb, topic, payload, state, attempt, created_at as "createdAt",
           due_at as "dueAt", settled_at as "settledAt", why, reply, h.hits
    from deliveries
    cross join lateral (
      select coalesce(jsonb_agg(said order by at), '[]') as hits from (
        select kind, url, class, reasons, count(*)::int as times, ms(min(at)) as at
        from hits left join targets on targets.id = target where delivery_id = deliveries.id
        group by kind, url, class, reasons order by min(at) limit ${MOST_HITS}) as said) h
    where contact_id = ${contactId} order by id desc limit ${MOST_DELIVERIES}`.execute(db);
  return rows;
}

async function readEvents(db: Db, contactId: string): Promise<readonly KnownEvent[]> {
  const { rows } = await sql<KnownEvent>`
    select e.source_id as "sourceId", e.type, e.at, d.key as deal, e.data,
           exists (select from unread u where u.contact_id = e.contact_id and u.event_id = e.id) as "isUnread"
    from events e left join deals d on d.id = e.deal_id
    where e.contact_id = ${contactId} order by e.at desc, e.id desc limit ${MOST_EVENTS}`.execute(db);
  return rows;
}

async function readSuppressions(db: Db, contactId: string): Promise<ContactPast['suppressions']> {
  const { rows } = await sql<ContactPast['suppressions'][number]>`
    select s.topic, s.reason, s.at from suppressions s join contacts c on c.address_hash = s.address_hash
    where c.id = ${contactId} order by s.at desc`.execute(db);
  return rows;
}

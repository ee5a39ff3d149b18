// Hits on tracked links and pictures: written in batches as they come, judged once the mail they came for has been quiet
// for a while, and only a person's made an event that the engine hears.
// Promises: a hit is judged once, by one sweep; nothing about its visitor outlives the judgement. Breaks if hits of one
// mail are judged apart: the click that began a burst would pass for a person's.
import { sql } from 'kysely';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { ownPrefix } from './event-input.ts';

export interface NewHit {
  readonly deliveryId: string;
  readonly at: number;
  readonly kind: 'open' | 'click';
  readonly target: string | null;
  readonly method: 'GET' | 'HEAD';
  readonly visitor: Buffer;
  readonly signs: readonly string[];
}

export async function writeHits(db: Db, hits: readonly NewHit[]): Promise<void> {
  if (hits.length === 0) return;
  const rows = hits.map((hit) => ({ ...hit, visitor: `\\x${hit.visitor.toString('hex')}` }));
  await sql`
    insert into hits (delivery_id, at, kind, target, method, visitor, signs)
    select "deliveryId", instant(at), kind, target, method, visitor, array(select json_array_elements_text(signs))
    from json_to_recordset(${JSON.stringify(rows)}::json) as said("deliveryId" bigint, at double precision, kind text,
      target text, method text, visitor bytea, signs json)`.execute(db);
}

/** What came for one mail and is not judged, with what is known of the mail. */
export interface Unjudged {
  readonly deliveryId: string;
  /** null: the mail has been pruned, or its contact erased. */
  readonly contactId: string | null;
  readonly sentAt: number | null;
  /** Tracked links of the mail; 0: not known. */
  readonly links: number;
  readonly hits: readonly UnjudgedHit[];
}
interface UnjudgedHit {
  readonly id: string;
  readonly at: number;
  readonly kind: 'open' | 'click';
  readonly target: string | null;
  readonly method: 'GET' | 'HEAD';
  readonly visitor: string;
  readonly signs: readonly string[];
}

export interface Judgement {
  readonly id: string;
  readonly class: 'human' | 'scanner' | 'proxy' | 'unknown';
  readonly reasons: readonly string[];
}

export interface Judging {
  readonly now: number;
  /** Nothing more has come for so long; or it has gone on for `mostMs`. */
  readonly quietMs: number;
  readonly mostMs: number;
  /** Mails in one transaction. */
  readonly limit: number;
  judge(mail: Unjudged): readonly Judgement[];
}

/** Answers how many mails were judged, and how many events came of it. */
export async function judgeQuiet(db: Db, judging: Judging): Promise<{ mails: number; events: number }> {
  const quiet = await findQuiet(db, judging);
  if (quiet.length === 0) return { mails: 0, events: 0 };
  return await transact(db, async (tx) => {
    const mails = await hold(tx, quiet);
    const judged = mails.flatMap((mail) =>
      judging.judge(mail).map((one) => ({ ...one, deliveryId: mail.deliveryId })),
    );
    await dueNow(tx, [...new Set(mails.flatMap((mail) => mail.contactId ?? []))], judging.now);
    return { mails: mails.length, events: await write(tx, judged, judging.now) };
  });
}

async function findQuiet(db: Db, { now, quietMs, mostMs, limit }: Judging): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select delivery_id as id from hits where judged_at is null
    group by delivery_id having max(at) <= instant(${now - quietMs}) or min(at) <= instant(${now - mostMs})
    order by delivery_id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Their rows, locked; those that another sweep holds are left to it. */
async function hold(tx: Tx, deliveryIds: readonly string[]): Promise<Unjudged[]> {
  const { rows } = await sql<Unjudged>`
    with held as materialized (
      select * from hits where judged_at is null and delivery_id = any(${deliveryIds}::bigint[])
      order by delivery_id, at, id for update skip locked
    )
    select held.delivery_id as "deliveryId", contacts.id as "contactId",
      case when deliveries.state = 'sent' then ms(deliveries.settled_at) end as "sentAt",
      coalesce(max(targets.beside), 0) as links,
      json_agg(json_build_object('id', held.id::text, 'at', ms(held.at), 'kind', kind, 'target', target, 'method', method,
        'visitor', encode(visitor, 'hex'), 'signs', signs) order by held.at, held.id) as hits
    from held
      left join deliveries on deliveries.id = held.delivery_id
      left join contacts on contacts.id = deliveries.contact_id
      left join targets on targets.id = held.target
    group by held.delivery_id, deliveries.id, contacts.id order by held.delivery_id`.execute(tx);
  return rows;
}

interface Judged extends Judgement {
  readonly deliveryId: string;
}

/**
 * A person who follows one link twice has followed it; who opens a mail twice has opened it: one event each. A click, or
 * a person's open, proves that a mail of which nobody knew did arrive.
 */
async function write(tx: Tx, judged: readonly Judged[], now: number): Promise<number> {
  const { rows } = await sql<{ events: number }>`
    with said as materialized (
      select * from json_to_recordset(${JSON.stringify(judged)}::json)
        as said(id bigint, "deliveryId" bigint, class text, reasons json)
    ),
    marked as (
      update hits set judged_at = instant(${now}), class = said.class, visitor = null,
        reasons = array(select json_array_elements_text(said.reasons))
      from said where hits.id = said.id
      returning hits.id, hits.delivery_id, hits.at, hits.kind, hits.target, hits.class
    ),
    proven as (
      update deliveries set state = 'sent', unknown_at = null, why = 'somebody has it: a link or picture of it was asked for'
      where state = 'unknown'
        and id in (select delivery_id from marked where kind = 'click' or class = 'human')
    ),
    firsts as (
      select distinct on (delivery_id, kind, target) id, delivery_id, at, kind, target
      from marked where class = 'human' order by delivery_id, kind, target, at, id
    ),
    happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select contacts.id, deliveries.deal_id, firsts.at, instant(${now}),
        case kind when 'click' then 'mail.clicked' else 'mail.opened' end, ${`${ownPrefix}hit:`} || firsts.id,
        jsonb_strip_nulls(jsonb_build_object('run', run_id::text, 'workflow', workflow, 'step', node,
          'delivery', deliveries.id::text, 'class', 'human', 'link', target,
          'url', case when targets.url not like '%{%' then targets.url end))
      from firsts
        join deliveries on deliveries.id = firsts.delivery_id
        join contacts on contacts.id = deliveries.contact_id
        left join targets on targets.id = firsts.target
      order by firsts.at, firsts.id
      on conflict (source_id) do nothing
      returning id, contact_id
    ),
    unseen as (
      insert into unread (contact_id, event_id) select contact_id, id from happened
    )
    select count(*)::int as events from happened`.execute(tx);
  return rows[0]?.events ?? 0;
}

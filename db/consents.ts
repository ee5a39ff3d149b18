// The consent log: who said yes or no to what, when, how, where and in answer to which words. Only ever added to, in the
// transaction of the change that it proves.
// Breaks if a consent is written elsewhere without its row here: it could not be proved.
import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './connect.ts';

export interface ConsentRow {
  readonly contactId: string;
  readonly topic: string;
  readonly what: 'given' | 'asked' | 'confirmed' | 'withdrawn';
  readonly at: number;
  readonly proof: Proof;
}

/** How somebody said it, as far as it is known. */
export interface Proof {
  /** `event`, `sign-up form`, `confirming button`, `preference page`, `unsubscribe link`. */
  readonly how: string;
  /** The words that were shown. */
  readonly text?: string | undefined;
  /** Where they were shown: an address of a page, the name of a form. */
  readonly place?: string | undefined;
  /** The program that said it: a browser's User-Agent. */
  readonly agent?: string | undefined;
  /** The mail that asked for it. */
  readonly deliveryId?: string | undefined;
  /** The event that brought it. */
  readonly sourceId?: string | undefined;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The insert, for a `with`. Contacts must be written before or within the same statement: their addresses are given by
 * `hashes`, a query of (id, address_hash), because a row of this statement is not to be seen in it.
 */
export function insertedConsents(rows: readonly ConsentRow[], hashes: ReturnType<typeof sql>, now: number) {
  const said = rows.map(({ proof: { text, ...proof }, ...row }, position) => ({
    ...proof,
    ...row,
    position,
    text,
    textHash: text === undefined ? null : `\\x${hashOf(text)}`,
  }));
  return sql`
    said_consents as materialized (
      select * from json_to_recordset(${JSON.stringify(said)}::json) as said("contactId" bigint, topic text, what text,
        at double precision, how text, place text, agent text, "deliveryId" bigint, "sourceId" text, text text,
        "textHash" bytea, position int)
    ),
    inserted_texts as (
      insert into consent_texts (hash, first_at, text)
      select distinct on ("textHash") "textHash", instant(${now}), text from said_consents where text is not null
      order by "textHash" on conflict (hash) do nothing
    ),
    inserted_consents as (
      insert into consents (contact_id, at, recorded_at, delivery_id, topic, what, how, place, agent, source_id,
        address_hash, text_hash)
      select "contactId", instant(at), instant(${now}), "deliveryId", topic, what, how, place, agent, "sourceId",
        address_hash, "textHash"
      from said_consents left join (${hashes}) as addressed(id, address_hash) on addressed.id = "contactId"
      order by position
    )`;
}

export async function logConsents(tx: Tx, rows: readonly ConsentRow[], now: number): Promise<void> {
  if (rows.length === 0) return;
  const ids = [...new Set(rows.map((one) => one.contactId))];
  const hashes = sql`select id, address_hash from contacts where id = any(${ids}::bigint[])`;
  await sql`with ${insertedConsents(rows, hashes, now)} select 1`.execute(tx);
}

export interface KnownConsent {
  readonly at: number;
  readonly recordedAt: number;
  readonly topic: string;
  readonly what: ConsentRow['what'];
  readonly how: string;
  readonly place: string | null;
  readonly agent: string | null;
  readonly deliveryId: string | null;
  readonly sourceId: string | null;
  /** Hexadecimal. */
  readonly addressHash: string | null;
  readonly textHash: string | null;
  readonly text: string | null;
}

/** All that is on record of a contact, oldest first. */
export async function readConsents(db: Db, contactId: string): Promise<KnownConsent[]> {
  return await readLog(db, sql`contact_id = ${contactId}`);
}

/** All that is on record of an address, whoever had it, oldest first: also of contacts who were erased. */
export async function readConsentsOf(db: Db, addressHash: Buffer): Promise<KnownConsent[]> {
  return await readLog(db, sql`address_hash = ${addressHash}`);
}

async function readLog(db: Db, which: RawBuilder<unknown>): Promise<KnownConsent[]> {
  const { rows } = await sql<KnownConsent>`
    select ms(at) as at, ms(recorded_at) as "recordedAt", topic, what, how, place, agent,
      delivery_id as "deliveryId", source_id as "sourceId", encode(address_hash, 'hex') as "addressHash",
      encode(text_hash, 'hex') as "textHash", text
    from consents left join consent_texts on consent_texts.hash = text_hash
    where ${which} order by id`.execute(db);
  return rows;
}

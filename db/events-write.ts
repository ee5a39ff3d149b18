// Writes what a batch of events came to, in one statement.
// Promises: event ids rise with (at, position), which is the order they are read in; a contact or an event that another
// transaction wrote meanwhile is a unique violation, upon which the batch begins again and sees it (connect.transact).
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import { insertedConsents } from './consents.ts';
import type { Intake } from './intake.ts';

interface WriteOptions {
  readonly now: number;
  hash(address: string): Buffer;
  /** Nothing of it is unread, and nobody is due for it. */
  readonly isHistory?: boolean;
}

export async function writeIntake(tx: Tx, intake: Intake, options: WriteOptions): Promise<void> {
  await sql`
    with ${writtenContacts(intake, options)}, ${upsertedDeals(intake, options)}, ${insertedEvents(intake, options)},
    ${options.isHistory ? sql`` : madeUnread}${insertedMoves(intake)}${loggedConsents(intake, options)}
    select 1`.execute(tx);
}

const madeUnread = sql`inserted_unread as (
      insert into unread (contact_id, event_id) select contact_id, id from inserted_events
    ),
    `;

// A new contact is written whole: named first and filled in later, its row would outgrow its page.
function writtenContacts(intake: Intake, { now, hash, isHistory }: WriteOptions) {
  const contacts = [...intake.contacts].map(({ columns, ...row }) => {
    const email = typeof columns.email === 'string' && columns.email !== '' ? columns.email : null;
    const address = email === null ? null : `\\x${hash(email).toString('hex')}`;
    return { ...columns, ...row, email, address };
  });
  return sql`
    said_contacts as materialized (
      select * from json_to_recordset(${JSON.stringify(contacts)}::json) as said(id bigint, key text, "isNew" boolean,
        "createdAt" double precision, "factsAt" double precision, email text, address bytea, first_name text,
        last_name text, company text, locale text, timezone text, consent jsonb, asked jsonb, fields jsonb)
    ),
    inserted_contacts as (
      insert into contacts (id, key, created_at, updated_at, facts_at, email, address_hash, first_name, last_name,
        company, locale, timezone, consent, asked, fields)
      select id, key, instant("createdAt"), instant(${now}), instant("factsAt"), email, address, first_name, last_name,
        company, locale, timezone, consent, asked, fields
      from said_contacts where "isNew" order by key
      returning id
    ),
    ${isHistory ? sql`` : madeDue(now)}updated_contacts as (
      update contacts set created_at = instant("createdAt"), updated_at = instant(${now}),
        facts_at = instant("factsAt"), email = said.email, address_hash = address, first_name = said.first_name,
        last_name = said.last_name, company = said.company, locale = said.locale, timezone = said.timezone,
        consent = said.consent, asked = said.asked, fields = said.fields
      from said_contacts as said where contacts.id = said.id and not "isNew"
    )`;
}

const madeDue = (now: number) => sql`due_contacts as (
      insert into agenda (contact_id, due_at) select id, instant(${now}) from inserted_contacts
    ),
    `;

/** Few batches bring a change of consent: the others' statement stays as short as it was. */
function loggedConsents({ consents }: Intake, { now }: WriteOptions) {
  if (consents.length === 0) return sql``;
  return sql`, ${insertedConsents(consents, sql`select id, address from said_contacts`, now)}`;
}

function upsertedDeals(intake: Intake, { now }: WriteOptions) {
  const deals = [...intake.deals].map(({ columns, ...deal }) => ({ ...columns, ...deal }));
  return sql`
    upserted_deals as (
      insert into deals (key, contact_id, created_at, updated_at, facts_at, stage_at, pipeline, stage, title, amount,
        currency, owner, fields)
      select key, "contactId", instant("createdAt"), instant(${now}), instant("factsAt"), instant("stageAt"), pipeline,
        stage, title, amount, currency, owner, fields
      from json_to_recordset(${JSON.stringify(deals)}::json) as said(key text, "contactId" bigint,
        "createdAt" double precision, "factsAt" double precision, "stageAt" double precision, pipeline text, stage text, title text, amount numeric,
        currency text, owner text, fields jsonb)
      order by key
      on conflict (key) do update set contact_id = excluded.contact_id, created_at = excluded.created_at, updated_at = excluded.updated_at,
        facts_at = excluded.facts_at, stage_at = excluded.stage_at, pipeline = excluded.pipeline,
        stage = excluded.stage, title = excluded.title, amount = excluded.amount, currency = excluded.currency,
        owner = excluded.owner, fields = excluded.fields
      returning id, key
    ),
    named_deals as (
      select id, key from upserted_deals
      union
      select id, key from deals where key = any(${[...new Set(intake.events.flatMap((one) => one.dealKey ?? []))]}::text[])
    )`;
}

function insertedEvents(intake: Intake, { now }: WriteOptions) {
  const events = intake.events.map((event, position) => ({ ...event, position }));
  return sql`
    inserted_events as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select "contactId", named_deals.id, instant(said.at), instant(${now}), type, "sourceId", data
      from json_to_recordset(${JSON.stringify(events)}::json) as said("contactId" bigint, "dealKey" text,
        at double precision, type text, "sourceId" text, data jsonb, position int)
        left join named_deals on named_deals.key = said."dealKey"
      order by position
      returning id, contact_id, source_id
    )`;
}

function insertedMoves(intake: Intake) {
  return sql`
    inserted_moves as (
      insert into stage_history (deal_id, contact_id, event_id, at, late, pipeline, from_stage, to_stage)
      select named_deals.id, "contactId", inserted_events.id, instant(said.at), late, pipeline, "from", "to"
      from json_to_recordset(${JSON.stringify(intake.moves)}::json) as said("dealKey" text, "contactId" bigint,
        at double precision, late boolean, pipeline text, "from" text, "to" text, "sourceId" text)
        join named_deals on named_deals.key = said."dealKey"
        join inserted_events on inserted_events.source_id = said."sourceId"
    )`;
}

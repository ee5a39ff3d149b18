// Holds a batch's contacts and reads what the ledger has of them and their deals: one statement each, the second under
// the locks of the first.
import { sql } from 'kysely';
import { holding, holdingStill } from './agenda.ts';
import { overtaken, type Tx } from './connect.ts';
import type { EventInput } from './event-input.ts';
import type { ContactRow, DealRow, Held, Move } from './intake.ts';

type Inputs = readonly EventInput[];
const contactKeys = (inputs: Inputs) => [...new Set(inputs.map((one) => one.contact.id))];
const dealKeys = (inputs: Inputs) => [...new Set(inputs.flatMap((one) => one.deal?.id ?? []))];

/** Makes the contacts that are not there yet, by key alone, in order of key; a conflict is a batch that came earlier. */
export async function nameContacts(tx: Tx, inputs: Inputs, now: number): Promise<void> {
  await sql`
    insert into contacts (key, created_at, updated_at, facts_at)
    select said.key, instant(${now}), instant(${now}), instant(0)
    from unnest(${contactKeys(inputs)}::text[]) as said(key)
    where not exists (select 1 from contacts where contacts.key = said.key)
    order by said.key
    on conflict (key) do nothing`.execute(tx);
}

export interface Named {
  readonly key: string;
  readonly id: string;
  readonly isNew: boolean;
}

/**
 * Holds the known contacts, and those whose deals are spoken of; the others get an id, and their row when it is full.
 * They are due now, unless it is history.
 */
export async function holdContacts(
  tx: Tx,
  inputs: Inputs,
  now: number,
  isHistory: boolean,
): Promise<Named[]> {
  const ids = sql`select id from known where id is not null
        union select contact_id from deals where key = any(${dealKeys(inputs)}::text[])`;
  const { rows } = await sql<Named>`
    with known as materialized (
      select said.key, contacts.id from unnest(${contactKeys(inputs)}::text[]) as said(key) left join contacts using (key)
    ),
    held as (${isHistory ? holdingStill(ids) : holding(ids, now)})
    select key, coalesce(id, nextval('contacts_id_seq')) as id, id is null as "isNew" from known`.execute(tx);
  return rows;
}

interface Read {
  readonly contacts: ContactRow[] | null;
  readonly deals: DealRow[] | null;
  readonly moves: Move[] | null;
  readonly seen: string[] | null;
}

export async function readHeld(
  tx: Tx,
  inputs: Inputs,
  named: readonly Named[],
): Promise<Held & { readonly seen: Set<string> }> {
  const known = named.filter((one) => !one.isNew).map((one) => one.id);
  const { rows } = await sql<Read>`
    select
      (select json_agg(row) from (${heldContacts(known)}) as row) as contacts,
      (select json_agg(row) from (${heldDeals(dealKeys(inputs))}) as row) as deals,
      (select json_agg(row) from (${movesBehind(inputs)}) as row) as moves,
      (select json_agg(source_id) from events where source_id = any(${inputs.map((one) => one.id)}::text[])) as seen
  `.execute(tx);
  const { contacts, deals, moves, seen } = rows[0] ?? {
    contacts: null,
    deals: null,
    moves: null,
    seen: null,
  };
  // Erased while this batch waited for it: it is a new one then.
  if ((contacts ?? []).length < known.length) throw overtaken;
  const blank = named.filter((one) => one.isNew).map(startContact);
  return {
    contacts: new Map([...(contacts ?? []), ...blank].map((row) => [row.key, row])),
    deals: new Map(deals?.map((row) => [row.key, row])),
    moves: moves ?? [],
    seen: new Set(seen),
  };
}

const startContact = ({ id, key }: Named): ContactRow => ({
  id,
  key,
  isNew: true,
  createdAt: Number.POSITIVE_INFINITY,
  factsAt: 0,
  columns: {},
  fields: {},
  consent: {},
  asked: {},
});

const heldContacts = (ids: readonly string[]) => sql`
  select id::text, key, false as "isNew", ms(created_at) as "createdAt", ms(facts_at) as "factsAt", consent, asked, fields,
    json_strip_nulls(json_build_object('email', email, 'first_name', first_name, 'last_name', last_name,
      'company', company, 'locale', locale, 'timezone', timezone)) as columns
  from contacts where id = any(${ids}::bigint[])`;

const heldDeals = (keys: readonly string[]) => sql`
  select id::text, key, contact_id::text as "contactId", ms(created_at) as "createdAt", ms(facts_at) as "factsAt",
    pipeline, stage, ms(stage_at) as "stageAt", fields,
    json_strip_nulls(json_build_object('title', title, 'amount', amount, 'currency', currency, 'owner', owner))
      as columns
  from deals where key = any(${keys}::text[])`;

/** The histories of those deals alone that have moved on since an event of this batch: the late ones. */
function movesBehind(inputs: Inputs) {
  const earliest = new Map<string, number>();
  for (const { deal, at } of inputs)
    if (deal?.stage !== undefined) earliest.set(deal.id, Math.min(at, earliest.get(deal.id) ?? at));
  const wanted = [...earliest].map(([key, at]) => ({ key, at }));
  return sql`
    select wanted.key as "dealKey", ms(history.at) as at, history.pipeline, history.to_stage as to
    from json_to_recordset(${JSON.stringify(wanted)}::json) as wanted(key text, at double precision)
      join deals on deals.key = wanted.key and deals.stage_at > instant(wanted.at)
      join stage_history as history on history.deal_id = deals.id
    order by history.at, history.id`;
}

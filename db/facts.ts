// A contact and a deal as conditions and templates see them: their columns and their own fields side by side.
// Promises: what is not known is not there, so that a condition that asks for it is told so. A suppressed address
// has no consent, whatever its contact's row says: suppression wins over everything.
import { sql } from 'kysely';
import type { Fields } from '../engine/step.ts';

/** For a `contacts` row in scope. Built-in fields win over custom ones of the same name. */
/** A topic that policy.yaml has on by default is wanted until the contact says no. */
const said = sql`
  (coalesce((select jsonb_object_agg(topic, true) from applied, unnest(default_topics) as topic), '{}') || contacts.consent)`;

export const contactFacts = sql<Fields>`
  contacts.fields || jsonb_strip_nulls(jsonb_build_object('id', contacts.key, 'email', contacts.email,
    'first_name', contacts.first_name, 'last_name', contacts.last_name, 'company', contacts.company,
    'locale', contacts.locale, 'timezone', contacts.timezone, 'created_at', ms(contacts.created_at),
    'paused_until', ms(contacts.paused_until), 'consent', ${said} || coalesce((
      select case when bool_or(topic = '*')
        then (select jsonb_object_agg(key, false) from jsonb_object_keys(${said}) as key)
        else jsonb_object_agg(topic, false) end
      from suppressions where suppressions.address_hash = contacts.address_hash), '{}')))`;

/** For a `deals` row in scope. It was updated when something last happened to it, not when that was written. */
export const dealFacts = sql<Fields>`
  deals.fields || jsonb_strip_nulls(jsonb_build_object('id', deals.key, 'pipeline', deals.pipeline,
    'stage', deals.stage, 'title', deals.title, 'amount', deals.amount, 'currency', deals.currency,
    'owner', deals.owner, 'stage_at', ms(deals.stage_at), 'created_at', ms(deals.created_at),
    'updated_at', ms(deals.facts_at)))`;

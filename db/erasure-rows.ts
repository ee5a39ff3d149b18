// What an erasure does to each table that speaks of a contact. Rows that are counted later stay, without words and under
// another number; the others go. Promises: no text that a person, a CRM, a template or a mail server wrote is left.
import { sql } from 'kysely';
import { erased } from '../engine/endings.ts';
import type { Tx } from './connect.ts';
import { erasedPayload } from './deliveries-fence.ts';

/** In place of ids and titles that others gave; such an id is the ledger's own, so nobody can send it. */
const anonymous = sql`'voronka:erased:'`;

/** What has run keeps the steps that it came to, which lift and flow are counted by; not what the contact did there. */
export async function endRuns(tx: Tx, contactId: string, nobody: string, now: number): Promise<void> {
  await sql`
    with open as materialized (
      select id, node from runs where contact_id = ${contactId} and ended_at is null
    ),
    told as (
      update run_history set why = ${erased.outcome}, event_id = null
      where run_id in (select id from runs where contact_id = ${contactId})
    ),
    ended as (
      insert into run_history (run_id, at, what, node, why)
      select id, instant(${now}), 'ended', node, ${erased.why} from open
    )
    update runs set contact_id = ${nobody}, node = null, wake_at = null,
      ended_at = coalesce(ended_at, instant(${now})), outcome = coalesce(outcome, ${erased.outcome}),
      memory = jsonb_build_object('visits', coalesce(memory -> 'visits', '{}'), 'happened', '{}'::jsonb)
    where contact_id = ${contactId}`.execute(tx);
}

/**
 * Stages, dates, amounts and owners stay: funnels, forecasts and values are made of them. Moves are found by their deals,
 * those that are somebody else's now too: without the deals every move of the ledger would be read.
 */
export async function stripDeals(tx: Tx, contactId: string, nobody: string): Promise<void> {
  await sql`
    with moves as (
      update stage_history set contact_id = ${nobody}, event_id = null
      where contact_id = ${contactId} and deal_id in (
        select id from deals where contact_id = ${contactId}
        union
        select deal_id from events where contact_id = ${contactId} and deal_id is not null)
    )
    update deals set contact_id = ${nobody}, key = ${anonymous} || id, title = null, fields = '{}'
    where contact_id = ${contactId}`.execute(tx);
}

/** The rest that is counted: deliveries with what came of them, tasks, and what surveys were answered. */
export async function stripRows(tx: Tx, contactId: string, nobody: string, now: number): Promise<void> {
  await sql`
    with looks as (
      update hits set signs = '{}', reasons = '{}' where judged_at is not null
        and delivery_id in (select id from deliveries where contact_id = ${contactId})
    ),
    unjudged as (
      delete from hits where judged_at is null
        and delivery_id in (select id from deliveries where contact_id = ${contactId})
    ),
    letters as (
      update deliveries set contact_id = ${nobody}, payload = ${erasedPayload}, why = ${erased.why}, reply = null,
        message_id = null
      where contact_id = ${contactId}
    ),
    changes as (
      delete from task_changes where task_id in (select id from tasks where contact_id = ${contactId})
    ),
    duties as (
      update tasks set contact_id = ${nobody}, key = ${anonymous} || id, title = ${erased.outcome}, notes = null,
        outcome = null, rule = '{}', look_at = null, closed_at = coalesce(closed_at, instant(${now})),
        state = case state when 'open' then 'cancelled' else state end
      where contact_id = ${contactId}
    ),
    comments as (
      update survey_answers set comment = null
      where send_id in (select id from survey_sends where contact_id = ${contactId})
    )
    update survey_sends set contact_id = ${nobody}, remind_at = null where contact_id = ${contactId}`.execute(
    tx,
  );
}

/** A rate to a domain names it. Where nobody else is there it is as good as the name of a person, and holds nobody back. */
export async function forgetDomain(tx: Tx, contactId: string): Promise<void> {
  await sql`
    delete from send_slots using (
      select 'to ' || split_part(lower(email), '@', 2) || ', ' as start, split_part(lower(email), '@', 2) as domain
      from contacts where id = ${contactId} and email is not null
    ) as own
    where starts_with(scope, start) and not exists (
      select 1 from contacts where id <> ${contactId} and split_part(lower(email), '@', 2) = own.domain)`.execute(
    tx,
  );
}

/** What nothing counts, and at last the contact itself, whose score goes with it. Proofs are untied, and stay. */
export async function removeRows(tx: Tx, contactId: string): Promise<void> {
  await sql`
    with proofs as (
      update consents set delivery_id = null, source_id = null where contact_id = ${contactId}
    ),
    unseen as (delete from unread where contact_id = ${contactId}),
    happened as (delete from events where contact_id = ${contactId}),
    due as (delete from agenda where contact_id = ${contactId}),
    suspected as (delete from batch_deaths where contact_id = ${contactId})
    delete from contacts where id = ${contactId}`.execute(tx);
}

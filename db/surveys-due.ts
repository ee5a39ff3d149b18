// Surveys that nobody has answered when their reminder is due, a batch at a time.
// Promises: one reminder for each asking, queued in the transaction that notes it, as a delivery of the same step with
// the same topic and window; none where the mail that asked never left, the survey is answered, or the contact has
// unsubscribed, from anything, since it was asked. What suppresses the address is asked again when it is claimed.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

const lifetimeMs = 3 * 86_400_000;

/** Answers how many reminders were queued. */
export async function remindSurveys(db: Db, now: number, limit = 500): Promise<number> {
  const { rows } = await sql<{ reminders: number }>`
    with due as materialized (
      select * from survey_sends where remind_at <= instant(${now}) order by remind_at limit ${limit}
      for update skip locked
    ),
    open as materialized (
      select due.*, asked.key, asked.topic, asked.payload from due join deliveries as asked on asked.id = delivery_id
      where due.answered_at is null and asked.state = 'sent' and not exists (
        select 1 from events where events.contact_id = due.contact_id and events.type = 'contact.unsubscribed'
          and events.at >= due.sent_at)
    ),
    looked_at as (
      update survey_sends set remind_at = null,
        reminded_at = case when survey_sends.id in (select id from open) then instant(${now}) end
      from due where survey_sends.id = due.id
    ),
    queued as (
      insert into deliveries (run_id, contact_id, deal_id, due_at, expires_at, created_at, state, verb, workflow, node,
        key, topic, payload)
      select run_id, contact_id, deal_id, instant(${now}), instant(${now + lifetimeMs}), instant(${now}), 'queued',
        'survey', workflow, node, key || '-reminder', topic,
        payload - 'remind' || jsonb_build_object('reminder', id::text)
      from open order by id
      on conflict (run_id, key) do nothing
      returning 1
    )
    select count(*)::int as reminders from queued`.execute(db);
  return rows[0]?.reminders ?? 0;
}

// The sending rules, as parts of the statement that claims: what a rule holds back becomes a deferred row with its reason
// and the instant of its turn, in that same statement. Transactional mail asks no cap and no rate.
// Promises: a cap holds whatever many workers claim at once, because a mail counts the ones before it that are still on
// their way; a rate gives every mail one slot, so a backlog is put off once, not at every look.
// Breaks if `held` is asked of rows that the statement has not locked.
import { type RawBuilder, sql } from 'kysely';
import { noRules, type SendingRules } from '../engine/sending.ts';

/** How soon a mail looks again behind another one to the same contact, and behind a breaker. */
const behindMs = 60_000;
const pausedMs = 5 * 60_000;

/**
 * CTEs after `judged` (id, contact_id, workflow, topic, due_at, slot_at, email, stop): `held` (id, until, why, slot), at most
 * one row a mail. Only the rules that there are are asked.
 */
export function heldBack(rules: SendingRules | undefined, now: number): RawBuilder<unknown> {
  const { caps, rates, senders } = rules ?? noRules;
  const isRated = rates.length > 0 || senders.some((one) => one.count !== null);
  const isWarming = senders.some((one) => one.perDay !== null);
  const parts = [sql`select id, until, why, null::timestamptz as slot from barred`];
  if (caps.length > 0) parts.push(sql`select id, until, why, null from capped`);
  if (isRated) parts.push(sql`select id, slot, why, slot from slots where slot > instant(${now})`);
  if (isWarming) parts.push(sql`select id, until, why, null from cooling`);
  return sql`
    senders as materialized (
      select * from json_to_recordset(${JSON.stringify(senders)}::json) as said(topic text, domain text,
        count bigint, ms double precision, "perDay" integer)
    ),
    barred as materialized (
      select judged.id, instant(${now + pausedMs}) as until, min('paused: ' || breakers.why) as why
      from breakers, judged left join senders using (topic)
      where breakers.state = 'paused' and judged.stop is null
        and breakers.scope in ('workflow:' || judged.workflow, 'sender:' || senders.domain)
      group by judged.id
    ),${caps.length > 0 ? capped(caps, now) : sql``}${isRated ? slots(rates, caps.length > 0, now) : sql``}${
      isWarming ? cooling(isRated, caps.length > 0, now) : sql``
    }
    held as materialized (
      select distinct on (id) id, until, why, slot from (${sql.join(parts, sql` union all `)}) as all_held
      order by id, until desc
    ),`;
}

const free = (isCapped: boolean) => sql`
  judged.stop is null and judged.topic is not null and judged.id not in (select id from barred)
    ${isCapped ? sql`and judged.id not in (select id from capped)` : sql``}`;

/** A contact's mails before this one: sent in the window, leaving, or due ahead of it. */
function capped(caps: SendingRules['caps'], now: number) {
  return sql`
    capped as materialized (
      select distinct on (judged.id) judged.id,
        coalesce(other.sent[cap.count] + cap.ms * interval '1 ms', instant(${now + behindMs})) as until,
        case when other.sent[cap.count] is null then 'waits for another mail to this contact'
          else 'waits its turn: one contact gets at most ' || cap.count || case cap.count when 1 then ' mail' else ' mails' end
            || coalesce(' of ' || cap.topic, '') || ' in ' || case cap.ms when 86400000 then 'a day'
            else round(cap.ms / 86400000, 2)::float8 || ' days' end end as why
      from judged
        join json_to_recordset(${JSON.stringify(caps)}::json) as cap(topic text, count int, ms numeric)
          on cap.topic is null or cap.topic = judged.topic
        cross join lateral (
          select count(*) as mails, array_agg(settled_at order by settled_at desc) filter (where settled_at is not null)
            as sent
          from deliveries as other
          where other.contact_id = judged.contact_id and other.id <> judged.id and other.topic is not null
            and (cap.topic is null or other.topic = cap.topic)
            and case when other.settled_at is not null
              then other.state in ('sent', 'unknown') and other.settled_at > instant(${now}) - cap.ms * interval '1 ms'
              else other.lease_until is not null
                or (other.due_at <= instant(${now}) and (other.due_at, other.id) < (judged.due_at, judged.id)) end
        ) as other
      where judged.stop is null and judged.topic is not null and other.mails >= cap.count
      order by judged.id, 2 desc
    ),`;
}

/** Every rate that a mail is under gives it a slot; it waits for the latest of them, and then asks no more. */
function slots(rates: SendingRules['rates'], isCapped: boolean, now: number) {
  return sql`
    rates as materialized (
      select * from json_to_recordset(${JSON.stringify(rates)}::json) as said(domain text, count bigint, ms double precision)
    ),
    rated as materialized (
      select judged.id, rule.count, rule.ms, rule.what || ', ' || rule.count || ' per ' || rule.ms / 1000 || ' s' as scope,
        row_number() over (partition by rule.what order by judged.due_at, judged.id) as place
      from judged cross join lateral (
        select 'to ' || split_part(lower(email), '@', 2) as what, count, ms from rates
        where domain = split_part(lower(email), '@', 2)
          or (domain = '*' and not exists (select 1 from rates where domain = split_part(lower(email), '@', 2)))
        union all
        select 'from ' || domain, count, ms from senders where senders.topic = judged.topic and count is not null
      ) as rule
      where ${free(isCapped)} and judged.slot_at is null
    ),
    booked as (
      insert into send_slots (scope, asked, next_slot)
      select scope, count(*), floor(${now} / ms)::bigint * count + count(*) from rated group by scope, count, ms
      order by scope
      on conflict (scope) do update set asked = excluded.asked,
        next_slot = greatest(send_slots.next_slot, excluded.next_slot - excluded.asked) + excluded.asked
      returning scope, next_slot - asked as first
    ),
    slots as materialized (
      select distinct on (id) id, instant((first + place - 1) / count * ms) as slot, 'waits its turn: ' || scope as why
      from rated join booked using (scope) order by id, 2 desc
    ),`;
}

/** What a warming domain may not send today waits for tomorrow (UTC). */
function cooling(isRated: boolean, isCapped: boolean, now: number) {
  const today = sql`(instant(${now}) at time zone 'UTC')::date`;
  return sql`
    warming as materialized (
      select judged.id, domain, "perDay",
        row_number() over (partition by domain order by judged.due_at, judged.id) as place
      from judged join senders using (topic)
      where "perDay" is not null and ${free(isCapped)}
        ${isRated ? sql`and judged.id not in (select id from slots where slot > instant(${now}))` : sql``}
    ),
    today as (
      insert into send_days (scope, day, asked, most, used, granted)
      select domain, ${today}, count(*), "perDay", least(count(*), "perDay"), least(count(*), "perDay")
      from warming group by domain, "perDay" order by domain
      on conflict (scope) do update set day = excluded.day, asked = excluded.asked, most = excluded.most,
        granted = least(excluded.asked, greatest(0, excluded.most - case when send_days.day = excluded.day
          then send_days.used else 0 end)),
        used = case when send_days.day = excluded.day then send_days.used else 0 end + least(excluded.asked,
          greatest(0, excluded.most - case when send_days.day = excluded.day then send_days.used else 0 end))
      returning scope, granted
    ),
    cooling as materialized (
      select id, (${today} + 1)::timestamp at time zone 'UTC' as until,
        'waits for tomorrow: ' || domain || ' is warming up, ' || "perDay" || ' mails today' as why
      from warming join today on today.scope = domain where place > granted
    ),`;
}

// What came of the mails of each workflow and template, counted by people: somebody who opened three letters of one
// template is one. Machines (scanners, proxies, what is not known to be a person) are counted apart. One statement; what
// was pruned with its run is no longer in it.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface MailCount {
  readonly workflow: string;
  /** null: all of the workflow's together. */
  readonly template: string | null;
  /** The topics of these mails; transactional ones have none. */
  readonly topics: readonly string[];
  /** People to whom a mail left. */
  readonly sent: number;
  /** Who clicked has opened. */
  readonly opened: number;
  readonly clicked: number;
  readonly replied: number;
  readonly unsubscribed: number;
  readonly complained: number;
  /** Came back, or was refused by the receiving server. */
  readonly bounced: number;
  /** Their mails were looked at by machines alone. */
  readonly machines: number;
}

/** Mails that were settled in [from, until), and what is known of them at `at`. */
export async function countMails(
  db: Db,
  { from, until, at }: { readonly from: number; readonly until: number; readonly at: number },
): Promise<MailCount[]> {
  const { rows } = await sql<MailCount>`
    with mails as materialized (
      select id, contact_id, workflow, topic, state = 'sent' as is_sent,
        coalesce(payload ->> 'template', node) as template
      from deliveries
      where settled_at >= instant(${from}) and settled_at < instant(${until})
        and to_contact and verb in ('send', 'survey') and state in ('sent', 'refused')
    ),
    looks as (
      select delivery_id as id, bool_or(class = 'human') as opened,
        bool_or(class = 'human' and kind = 'click') as clicked
      from hits where at <= instant(${at}) and class is not null group by delivery_id
    ),
    replies as (
      select distinct (data ->> 'delivery')::bigint as id from events
      where type = 'mail.replied' and at <= instant(${at}) and data ->> 'delivery' ~ '^[0-9]{1,18}$'
    ),
    leaves as (
      select distinct delivery_id as id from consents
      where what = 'withdrawn' and delivery_id is not null and at <= instant(${at})
    ),
    faults as (
      select delivery_id as id, bool_or(kind = 'bounce') as bounced, bool_or(kind = 'complaint') as complained
      from mail_faults where at <= instant(${at}) group by delivery_id
    ),
    persons as (
      select workflow, template, contact_id, bool_or(is_sent) as sent, bool_or(looks.opened) as opened,
        bool_or(looks.clicked) as clicked, bool_or(looks.id is not null) as looked,
        bool_or(replies.id is not null) as replied, bool_or(leaves.id is not null) as unsubscribed,
        bool_or(faults.bounced) as bounced, bool_or(faults.complained) as complained
      from mails left join looks using (id) left join replies using (id) left join leaves using (id)
        left join faults using (id)
      group by grouping sets ((workflow, template, contact_id), (workflow, contact_id))
    ),
    topics as (
      select workflow, template, array_agg(distinct topic) filter (where topic is not null) as names
      from mails group by grouping sets ((workflow, template), (workflow))
    )
    select persons.workflow, persons.template, coalesce(names, '{}') as topics,
      count(*) filter (where sent)::int as sent, count(*) filter (where opened)::int as opened,
      count(*) filter (where clicked)::int as clicked, count(*) filter (where replied)::int as replied,
      count(*) filter (where unsubscribed)::int as unsubscribed,
      count(*) filter (where complained)::int as complained, count(*) filter (where bounced)::int as bounced,
      count(*) filter (where looked and not opened)::int as machines
    from persons join topics on topics.workflow = persons.workflow
      and topics.template is not distinct from persons.template
    group by persons.workflow, persons.template, names
    order by persons.workflow, persons.template nulls first`.execute(db);
  return rows;
}

// A contact with a past, written into the ledger as the workers would have left it, for the pages that show one.
import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import { record } from '../../db/events.ts';
import { dayMs, hash, hourMs, makeEvent, makeStageChange, monday, sales } from './factories.ts';

/** Contact c-17 and deal d-1042, with two runs and six mails, and 40 others without any. */
export async function writePast(db: Db): Promise<void> {
  const contact = {
    id: 'c-17',
    email: 'anna.petrova@acme.example',
    first_name: 'Anna',
    last_name: 'Petrova',
    company: 'Acme <Pumps> & Co',
    locale: 'ru',
    timezone: 'Europe/Moscow',
    consent: { marketing: true, product: false },
  };
  const deal = { title: 'Pumps for the new plant', amount: 12_000, currency: 'EUR', owner: 'olga' };
  const stages = ['Qualification', 'Proposal', 'Negotiation', 'Won', 'Lost', 'Lead'];
  const others = Array.from({ length: 40 }, (_, n) =>
    makeStageChange(stages[Math.floor(Math.sqrt(n)) % 6] ?? 'Lead', {
      contact: { id: `c-${100 + n}` },
      deal: { id: `d-${100 + n}` },
    }),
  );
  const events = [
    makeEvent({ contact, at: monday - dayMs, data: { form: 'demo', source: 'webinar' } }),
    makeStageChange('Lead', { contact, deal, at: monday }),
    makeStageChange('Qualification', { at: monday + hourMs }),
    ...others,
  ];
  await record(db, events, { now: monday + 2 * hourMs, hash, pipelines: [sales] });
  await sql`insert into plans (applied_at, is_current, hash, workflow, body) values
    (now(), true, 'p1', 'welcome', '{}'), (now(), true, 'p2', 'qualification-nurture', '{}')`.execute(db);
  await sql`
    insert into runs (contact_id, deal_id, entered_at, node_at, wake_at, ended_at, goal, workflow, plan_hash, node, outcome, memory)
    select c.id, null::bigint, instant(${monday - dayMs}), instant(${monday}), null::timestamptz, instant(${monday}),
           true, 'welcome', 'p1', null, 'answered', '{}'::jsonb from contacts c where c.key = 'c-17'
    union all
    select c.id, d.id, instant(${monday + hourMs}), instant(${monday + hourMs}), instant(${monday + 2 * dayMs}), null,
           false, 'qualification-nurture', 'p2', 'digest-time', null, '{}'
    from contacts c join deals d on d.key = 'd-1042' where c.key = 'c-17'`.execute(db);
  await sql`
    insert into run_history (run_id, at, what, node, why)
    select r.id, instant(v.at), v.what, v.node, v.why
    from (values
      (1, 'welcome', ${monday - dayMs}::float8, 'entered', 'hello', 'form "demo" was submitted'),
      (2, 'welcome', ${monday - dayMs}, 'queued', 'hello', 'send welcome'),
      (3, 'welcome', ${monday}, 'ended', null, 'deal.stage enters "Lead": answered, which is the goal'),
      (4, 'qualification-nurture', ${monday + hourMs}, 'entered', 'intro', 'deal.stage enters "Qualification"; consent to marketing is given and the amount is 12,000 or more'),
      (5, 'qualification-nurture', ${monday + hourMs}, 'queued', 'intro', 'send qualification-intro'),
      (6, 'qualification-nurture', ${monday + hourMs}, 'waits', 'digest-time', 'until the contact clicks intro, or for 2 business days')
    ) v(n, workflow, at, what, node, why) join runs r on r.workflow = v.workflow
    order by n`.execute(db);
  await sql`
    insert into deliveries (run_id, contact_id, deal_id, due_at, expires_at, created_at, settled_at, unknown_at, attempt, state,
      verb, workflow, node, key, topic, payload, why, reply)
    select r.id, r.contact_id, r.deal_id, instant(${monday}), instant(${monday + dayMs}), instant(${monday}),
      case when v.state in ('queued', 'deferred') then null else instant(${monday + hourMs}) end,
      case when v.state = 'unknown' then instant(${monday + hourMs}) end, v.attempt, v.state, 'send', r.workflow, v.node, v.node || '#1', 'marketing',
      jsonb_build_object('template', v.template), v.why, v.reply
    from (values
      ('welcome', 'hello', 'sent', 1, 'welcome', null, '250 2.0.0 Ok: queued as 4F1C2A'),
      ('welcome', 'method', 'refused', 1, 'welcome-method', 'the address does not exist', '550 5.1.1 no such user'),
      ('welcome', 'risk', 'cancelled', 0, 'welcome-risk', 'the run ended before it left', null),
      ('qualification-nurture', 'intro', 'deferred', 2, 'qualification-intro', 'the server is busy; the next try is in 4 minutes', '451 4.7.1 try again later'),
      ('qualification-nurture', 'call', 'unknown', 1, 'qualification-call', 'the connection was lost after the last dot', null),
      ('qualification-nurture', 'last', 'queued', 0, 'qualification-last', null, null)
    ) v(workflow, node, state, attempt, template, why, reply) join runs r on r.workflow = v.workflow`.execute(
    db,
  );
  await sql`
    insert into targets (id, created_at, template, locale, position, beside, url)
    values ('tprices', now(), 'welcome', 'en', 0, 1, 'https://acme.example/prices')`.execute(db);
  await sql`
    insert into hits (delivery_id, at, judged_at, kind, target, method, class, signs, reasons)
    select deliveries.id, instant(${monday + hourMs}) + n * interval '3 minutes', now(), kind, target, 'GET', class, '{}', reasons::text[]
    from (values (0, 'click', 'tprices', 'scanner', '{"under 10 s after the mail was taken","a known scanner"}'),
      (1, 'open', null, 'proxy', '{"a proxy that loads every picture"}'), (2, 'click', 'tprices', 'human', '{}'))
      as said(n, kind, target, class, reasons) join deliveries on node = 'hello'`.execute(db);
}

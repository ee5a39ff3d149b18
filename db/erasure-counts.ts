// What the ledger holds of a contact, counted before it is erased: for whoever has to confirm it, and to be told after.
import { sql } from 'kysely';
import type { Db, Tx } from './connect.ts';

export interface Traces {
  readonly hasAddress: boolean;
  readonly isScored: boolean;
  /** Other contacts with the same address: they stay, and are not written to any more. */
  readonly sharers: number;
  readonly deals: number;
  readonly events: number;
  readonly runs: number;
  /** Of the runs: under way. */
  readonly openRuns: number;
  /** Mails, calls and other deliveries, whatever became of them. */
  readonly deliveries: number;
  /** Of the deliveries: not left yet. */
  readonly unsent: number;
  /** Of the deliveries: the last dot may be on the wire, and cannot be called back. */
  readonly leaving: number;
  /** Of the deliveries: calls that other programs have had, changes of tasks among them. */
  readonly calls: number;
  /** Of the deliveries: mails to colleagues about tasks, which have left. */
  readonly notices: number;
  readonly hits: number;
  readonly tasks: number;
  readonly openTasks: number;
  readonly answers: number;
  readonly comments: number;
  /** Entries of the consent log, which stay as proof. */
  readonly consents: number;
}

/** null: there is no such contact. */
export async function countTraces(db: Db | Tx, contactId: string): Promise<Traces | null> {
  const { rows } = await sql<Traces>`
    select address_hash is not null as "hasAddress",
      exists (select 1 from scores where contact_id = contacts.id) as "isScored",
      (select count(*)::int from contacts as other
        where other.address_hash = contacts.address_hash and other.id <> contacts.id) as sharers,
      (select count(*)::int from deals where contact_id = contacts.id) as deals,
      (select count(*)::int from events where contact_id = contacts.id) as events,
      (select count(*)::int from survey_answers join survey_sends on survey_sends.id = send_id
        where contact_id = contacts.id) as answers,
      (select count(*)::int from survey_answers join survey_sends on survey_sends.id = send_id
        where contact_id = contacts.id and comment is not null) as comments,
      (select count(*)::int from consents where contact_id = contacts.id) as consents,
      (select count(*)::int from hits join deliveries on deliveries.id = delivery_id
        where contact_id = contacts.id) as hits, ran.*, sent.*, done.*
    from contacts
      cross join lateral (
        select count(*)::int as runs, count(*) filter (where ended_at is null)::int as "openRuns"
        from runs where contact_id = contacts.id
      ) as ran
      cross join lateral (
        select count(*)::int as deliveries,
          count(*) filter (where state in ('queued', 'deferred', 'sending'))::int as unsent,
          count(*) filter (where state = 'committing')::int as leaving,
          count(*) filter (where attempt > 0 and (verb = 'call' or payload ? 'change'))::int as calls,
          count(*) filter (where verb = 'task' and not to_contact and state = 'sent' and payload ? 'notice')::int
            as notices
        from deliveries where contact_id = contacts.id
      ) as sent
      cross join lateral (
        select count(*)::int as tasks, count(*) filter (where state = 'open')::int as "openTasks"
        from tasks where contact_id = contacts.id
      ) as done
    where id = ${contactId}`.execute(db);
  return rows[0] ?? null;
}

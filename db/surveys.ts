// Surveys that were asked, and what was answered.
// Promises: one asking for each delivery, however often it is tried; every answer stays, the latest counts, and each one
// that says something new is an event in the same transaction; what is older than fourteen days is not changed.
// Locks: the contact, then the asking.
import { sql } from 'kysely';
import { groupOf } from '../engine/survey-text.ts';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { ownPrefix } from './event-input.ts';

export interface Asking {
  /** Of the delivery that asks. */
  readonly id: string;
  readonly contactId: string;
  readonly dealId: string | null;
  readonly runId: string;
  readonly workflow: string;
  readonly node: string;
  readonly survey: string;
  /** When whoever has not answered is asked once more; left out: never. */
  readonly remindAt?: number | null;
  readonly now: number;
}

/** Answers the id of the asking. */
export async function openSurvey(db: Db, asking: Asking): Promise<string> {
  const { id, contactId, dealId, runId, workflow, node, survey, remindAt = null, now } = asking;
  const { rows } = await sql<{ id: string }>`
    insert into survey_sends (contact_id, deal_id, run_id, delivery_id, sent_at, remind_at, survey, node, workflow)
    values (${contactId}, ${dealId}, ${runId}, ${id}, instant(${now}), instant(${remindAt}),
      ${survey}, ${node}, ${workflow})
    on conflict (delivery_id) do update set sent_at = excluded.sent_at, remind_at = case when survey_sends.answered_at is null
      then excluded.remind_at end
    returning id`.execute(db);
  const sendId = rows[0]?.id;
  if (sendId === undefined) throw new Error(`the asking of delivery ${id} was not written`);
  return sendId;
}

export interface KnownAsking {
  readonly id: string;
  readonly contactId: string;
  readonly survey: string;
  readonly locale: string | null;
  /** The latest answer. */
  readonly score: number | null;
  readonly comment: string | null;
  /** When it was first answered. */
  readonly answeredAt: number | null;
}

/** null: there is none. */
export async function readAsking(db: Db | Tx, id: string): Promise<KnownAsking | null> {
  const { rows } = await sql<KnownAsking>`
    select survey_sends.id, contact_id as "contactId", survey, locale, score, ms(answered_at) as "answeredAt", (
      select comment from survey_answers where send_id = survey_sends.id order by id desc limit 1) as comment
    from survey_sends join contacts on contacts.id = contact_id where survey_sends.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** So long after the first answer it may be changed. */
const changeableMs = 14 * 86_400_000;

export interface Answer {
  readonly score: number;
  readonly comment: string | null;
  readonly now: number;
}

/** `closed`: it was answered too long ago, and stays. null: there is no such asking. */
export async function answerSurvey(
  db: Db,
  id: string,
  { score, comment, now }: Answer,
): Promise<'answered' | 'closed' | null> {
  return await transact(db, async (tx) => {
    const asking = await readAsking(tx, id);
    if (asking === null) return null;
    await dueNow(tx, [asking.contactId], now);
    const { rows } = await sql<{ isOpen: boolean }>`
      with held as materialized (
        select * from survey_sends where id = ${id} and exists (select 1 from contacts where id = contact_id)
          and (answered_at is null or answered_at > instant(${now - changeableMs})) for update
      ),
      answered as (
        update survey_sends set score = ${score}, answered_at = coalesce(survey_sends.answered_at, instant(${now})),
          remind_at = null
        from held where survey_sends.id = held.id
      ),
      kept as (
        insert into survey_answers (send_id, at, score, comment)
        select id, instant(${now}), ${score}, ${comment} from held
        returning send_id, id
      ),
      happened as (
        insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
        select contact_id, deal_id, instant(${now}), instant(${now}), 'survey.answered',
          ${`${ownPrefix}survey:`} || held.id || ':' || kept.id,
          jsonb_build_object('survey', survey, 'score', ${score}::int, 'group', ${groupOf(score)}::text,
            'run', run_id::text, 'step', node)
        from held join kept on kept.send_id = held.id where held.score is distinct from ${score}
        returning id, contact_id
      ),
      unseen as (
        insert into unread (contact_id, event_id) select contact_id, id from happened
      )
      select exists (select 1 from held) as "isOpen"`.execute(tx);
    return rows[0]?.isOpen === true ? 'answered' : 'closed';
  });
}

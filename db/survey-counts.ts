// Surveys by period and segment, as numbers: how many were asked, and how many answered each score with their latest
// answer. One statement; a mail that never left asked nobody.
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface SurveyCounts {
  /** Months since year 0, in UTC. */
  readonly month: number;
  /** The segment's value; null where it is not known. */
  readonly segment: string | null;
  readonly sent: number;
  /** How many answered 0, 1, ... 10. */
  readonly answers: readonly number[];
}

export interface CountsOptions {
  readonly survey: string;
  readonly since: number;
  /** Who was asked before it; without it, all since. */
  readonly until?: number;
  /** `contact.<field>`, `deal.<field>` or `workflow`; null: all are one segment. */
  readonly by: string | null;
}

export async function countSurveys(
  db: Db,
  { survey, since, until, by }: CountsOptions,
): Promise<SurveyCounts[]> {
  const scores = sql.join(
    Array.from({ length: 11 }, (_, score) => sql`count(*) filter (where score = ${sql.lit(score)})::int`),
  );
  const { rows } = await sql<SurveyCounts>`
    with asked as (
      select survey_sends.score, (extract(year from sent_at at time zone 'UTC') * 12
        + extract(month from sent_at at time zone 'UTC'))::int as month, ${segmentOf(by)} as segment
      from survey_sends
        join deliveries on deliveries.id = delivery_id
        left join contacts on contacts.id = survey_sends.contact_id
        left join deals on deals.id = survey_sends.deal_id
      where survey = ${survey} and sent_at >= instant(${since})
        and (${until ?? null}::float8 is null or sent_at < instant(${until ?? null})) and (deliveries.state = 'sent' or score is not null)
    )
    select month, segment, count(*)::int as sent, json_build_array(${scores}) as answers
    from asked group by month, segment order by month, segment`.execute(db);
  return rows;
}

/** Surveys that were ever asked, for "did you mean". */
export async function surveyNames(db: Db): Promise<string[]> {
  const { rows } = await sql<{ survey: string }>`select distinct survey from survey_sends order by 1`.execute(
    db,
  );
  return rows.map((row) => row.survey);
}

function segmentOf(by: string | null): RawBuilder<string | null> {
  if (by === null) return sql`null::text`;
  if (by === 'workflow') return sql`survey_sends.workflow`;
  const [owner, field] = by.split('.');
  const facts = owner === 'deal' ? dealFacts : contactFacts;
  return sql`(${facts}) ->> ${field}`;
}

// How long deals stood in each stage, and how long they took to close, as counts of lengths. In a large ledger lengths
// that differ by less than a thousandth are counted together, and told as the mean of those that ended. So memory grows
// neither with deals nor with time, and a median is within a thousandth of the exact one.
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './connect.ts';
import { type WayOptions, waysOf } from './reports-ways.ts';

/** So many spells of one length; `open` are not over yet. */
export interface SpellCount {
  readonly ms: number;
  readonly ended: number;
  readonly open: number;
}
export interface StageSpellCount extends SpellCount {
  readonly stage: string;
}

/** Up to so many stage changes every length is counted for itself. */
const exactUpTo = 100_000;

/** What lengths are counted by. */
export type Grain = 'millisecond' | 'thousandth';

export async function chooseGrain(tx: Tx, pipeline: string): Promise<Grain> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from stage_history where pipeline = ${pipeline}`.execute(tx);
  return (rows[0]?.n ?? 0) > exactUpTo ? 'thousandth' : 'millisecond';
}

/** Those of one grain are one row; `lasted` and `ended` are columns of what is grouped. */
const counted = sql`
  coalesce(avg(lasted) filter (where ended), avg(lasted)) as ms,
  count(*) filter (where ended)::int as ended, count(*) filter (where not ended)::int as open`;
const grained = (grain: Grain) =>
  grain === 'millisecond' ? sql`lasted` : sql`floor(1000 * ln(greatest(lasted, 1)))`;

/** Spells, a row each with `lasted` and `ended`, as counts of equal lengths. */
export async function countSpells(tx: Tx, spells: RawBuilder<unknown>, grain: Grain): Promise<SpellCount[]> {
  const { rows } = await sql<SpellCount>`
    select ${counted} from (${spells}) as spells group by ${grained(grain)} order by ms`.execute(tx);
  return rows;
}

/** Spells before the win, each visit its own; what follows a win, and losing stages, are none. */
export async function readStageSpells(
  tx: Tx,
  { pipeline, from, until, at }: WayOptions,
  grain: Grain,
): Promise<StageSpellCount[]> {
  const { rows } = await sql<StageSpellCount>`
    select stage, ${counted}
    from (
      select to_stage as stage, next_at is not null as ended, ms(coalesce(next_at, instant(${at}))) - ms(at) as lasted
      from (
        select deal_id, to_stage, at, lead(at) over way as next_at, first_value(at) over way as began,
          count(*) filter (where to_stage = any (${pipeline.won}::text[])) over way as wins
        from stage_history where pipeline = ${pipeline.name} and at <= instant(${at})
        window way as (partition by deal_id order by at, id rows unbounded preceding)
      ) as moved join deals on deals.id = moved.deal_id
      where wins = 0 and not to_stage = any (${pipeline.lost}::text[])
        and began >= instant(${from}) and began < instant(${until})
    ) as spells group by stage, ${grained(grain)} order by stage, ms`.execute(tx);
  return rows;
}

/** From the first stage to the close; open deals so far. */
export const readCycles = (tx: Tx, options: WayOptions, grain: Grain): Promise<SpellCount[]> =>
  countSpells(
    tx,
    sql`
      select coalesce(won_at, lost_at) is not null as ended,
        ms(coalesce(won_at, lost_at, instant(${options.at}))) - ms(began) as lasted
      from ${waysOf(options)}`,
    grain,
  );

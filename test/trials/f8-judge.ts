// The judgement of F8, from outside: what `apply` said it would do against the rows that the ledger then holds, and the
// sink's own record of the letters.
import { sql } from 'kysely';
import type { CarriedOut } from '../../cli/plan/carry-out.ts';
import type { Db } from '../../db/connect.ts';
import type { Accepted } from '../harness/sink-record.ts';

export async function lastLine(db: Db): Promise<string> {
  const { rows } = await sql<{
    id: string;
  }>`select coalesce(max(id), 0)::text as id from run_history`.execute(db);
  return rows[0]?.id ?? '0';
}

/** What was planned and what came of it, each in people; the same keys on both sides. */
export async function compareMoves(
  db: Db,
  { plan }: CarriedOut,
  since: string,
): Promise<{ readonly planned: Counts; readonly done: Counts }> {
  const [greeting] = plan.workflows;
  if (greeting === undefined) throw new Error('the plan names no workflow');
  const sum = (...kinds: string[]) =>
    greeting.people.filter(({ is }) => kinds.includes(is)).reduce((all, { people }) => all + people, 0);
  const planned = {
    underWay: greeting.underWay,
    stay: greeting.unaffected + sum('edited'),
    renamed: sum('renamed'),
    moved: sum('moved'),
    ended: sum('ended'),
    leave: greeting.people.reduce((all, { leave }) => all + leave, 0),
  };
  const { rows } = await sql<Counts>`
    with moves as (
      select run_id, id, node, why from run_history where what = 'migrated' and id > ${since}::bigint
    )
    select count(distinct run_id)::int as "underWay",
      count(*) filter (where why like '%: stays at %')::int as stay,
      count(*) filter (where why like '% now')::int as renamed,
      count(*) filter (where why like '%is gone, goes on to%')::int as moved,
      count(*) filter (where why like '%is gone, and with it%')::int as ended,
      count(*) filter (where why like '%: stays at %' and exists (
        select 1 from run_history as line
        where line.run_id = moves.run_id and line.id > moves.id and line.node = moves.node and line.what = 'moved'
      ))::int as leave
    from moves`.execute(db);
  return { planned, done: rows[0] ?? {} };
}

export type Counts = { readonly [what: string]: number };

export const differences = (planned: Counts, done: Counts): number =>
  Object.keys(planned).filter((what) => planned[what] !== done[what]).length;

export interface Letters {
  /** A letter that somebody got twice or more. */
  readonly repeated: number;
  /** A letter that somebody did not get. */
  readonly missing: number;
}

export function countLetters(accepted: readonly Accepted[], addresses: readonly string[]): Letters {
  const got = new Map<string, number>();
  for (const { to, raw = '' } of accepted) {
    const key = `${to} ${/^subject: (\w+)/im.exec(raw)?.[1] ?? 'without a subject'}`;
    got.set(key, (got.get(key) ?? 0) + 1);
  }
  const wanted = addresses.flatMap((to) => [`${to} hello`, `${to} again`]);
  return {
    repeated: [...got.values()].filter((count) => count > 1).length,
    missing: wanted.filter((key) => !got.has(key)).length,
  };
}

/** Runs that did not end, contacts that were parked, and mails that were neither sent nor can be told of. */
export async function countStranded(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select ((select count(*) from runs where ended_at is null) + (select count(*) from contacts where parked_at is not null)
      + (select count(*) from deliveries where state <> 'sent'))::int as n`.execute(db);
  return rows[0]?.n ?? -1;
}

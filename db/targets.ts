// Where the tracked links of mails lead, by the id that stands in their tokens. Rows are added and never changed but for
// their count, and never deleted: a mail of last year still has to lead where it said.
import { sql } from 'kysely';
import type { Db, Tx } from './connect.ts';

export interface StoredTarget {
  readonly id: string;
  /** Liquid, where the author wrote some. */
  readonly url: string;
}

interface TargetsOf {
  readonly name: string;
  readonly locale: string;
  readonly targets?: readonly StoredTarget[];
}

export async function writeTargets(tx: Tx, templates: readonly TargetsOf[], now: number): Promise<void> {
  const rows = templates.flatMap(({ name, locale, targets = [] }) =>
    targets.map((target, position) => ({ ...target, name, locale, position, beside: targets.length })),
  );
  await sql`
    insert into targets (id, created_at, template, locale, position, beside, url)
    select id, instant(${now}), name, locale, position, beside, url
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as said(id text, name text, locale text, position int, beside int, url text)
    order by id
    on conflict (id) do update set beside = excluded.beside where targets.beside <> excluded.beside`.execute(
    tx,
  );
}

/** null: there is no such link. */
export async function readTarget(db: Db, id: string): Promise<string | null> {
  const { rows } = await sql<{ url: string }>`select url from targets where id = ${id}`.execute(db);
  return rows[0]?.url ?? null;
}

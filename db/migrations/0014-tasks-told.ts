// Tasks are told to another program, change by change: which delivery tells of which change.
import { type Kysely, sql } from 'kysely';

// delivery_id: null, not told yet; 0, told to nobody, because no program was declared then, or it is no change. What was
// changed before this is told to nobody: a constant default, so no row is rewritten, and the lock is held for an instant.
//   task_changes_untold   what the sweep looks for; it is empty but for a moment, and small then.
const told = `
alter table task_changes add column delivery_id bigint default 0;
alter table task_changes alter column delivery_id drop default;
create index task_changes_untold on task_changes (task_id, id) where delivery_id is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(told).execute(db);
}

// A ledger of ours that is thrown away with its process, as a demo's is: nobody waits for its disk. Never for a ledger that
// has to outlive a crash: what was committed last would be lost.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export async function forgetCrashes(db: Db): Promise<void> {
  for (const setting of ['synchronous_commit', 'fsync', 'full_page_writes'])
    await sql`alter system set ${sql.ref(setting)} = off`.execute(db);
  await sql`select pg_reload_conf()`.execute(db);
}

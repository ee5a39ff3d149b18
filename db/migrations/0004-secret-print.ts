// Which secret the suppressions of this ledger are hashed with, as a print that gives nothing away: a process that
// came with another secret would look up other hashes, find nobody suppressed, and mail those who said no.
// One column on a table of one row; the lock is held for an instant.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table applied add column secret_print text').execute(db);
}

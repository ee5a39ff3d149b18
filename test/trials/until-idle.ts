// Waits until nothing is due in a ledger at an instant: no contact, and no delivery that has not come to its end.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';

const patienceMs = 300_000;

export async function untilIdle(db: Db, now: number): Promise<void> {
  const endAt = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await sql<{ busy: number }>`
      select ((select count(*) from agenda where due_at <= instant(${now}))
        + (select count(*) from deliveries where settled_at is null and due_at <= instant(${now})))::int as busy`.execute(
      db,
    );
    if (rows[0]?.busy === 0) return;
    if (performance.now() > endAt) throw new Error(`${rows[0]?.busy} were still due after ${patienceMs} ms`);
    await pause(20);
  }
}

// Is anything left to do, and when is there next? For whoever moves the clock by hand: a demo, a rehearsal, a trial.
// Promises: at rest means that no contact is due, no mail is due and none is on its way, at that instant.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface Rest {
  readonly isAtRest: boolean;
  readonly contactsDue: boolean;
  readonly deliveriesDue: boolean;
  /** Of contacts and deliveries; null: never, as things stand. */
  readonly nextDueAt: number | null;
}

/** Both index scans end at their first row. */
export async function readRest(db: Db, now: number): Promise<Rest> {
  const { rows } = await sql<{ contacts: number | null; deliveries: number | null; flying: boolean }>`
    select
      (select ms(min(due_at)) from agenda where due_at < 'infinity') as contacts,
      (select ms(min(due_at)) from deliveries where settled_at is null and lease_until is null) as deliveries,
      exists (select 1 from deliveries where lease_until is not null) as flying`.execute(db);
  const { contacts = null, deliveries = null, flying = true } = rows[0] ?? {};
  const contactsDue = contacts !== null && contacts <= now;
  const deliveriesDue = deliveries !== null && deliveries <= now;
  const next = Math.min(contacts ?? Number.POSITIVE_INFINITY, deliveries ?? Number.POSITIVE_INFINITY);
  return {
    isAtRest: !flying && !contactsDue && !deliveriesDue,
    contactsDue,
    deliveriesDue,
    nextDueAt: Number.isFinite(next) ? next : null,
  };
}

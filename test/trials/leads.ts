// Leads for a trial: each a contact of its own, whose deal enters Lead now, so that each is due one mail.
import { type Clock, type Db, databaseClock } from '../../db/connect.ts';
import { record } from '../../db/events.ts';
import { hash, makeStageChange, sales } from '../harness/factories.ts';

export const addressOf = (n: number): string => `lead-${n}@acme.example`;

/** Leads `from` to `from + count - 1`, recorded as the API would, a thousand at a time. `clock`: where it is not the ledger's. */
export async function recordLeads(
  db: Db,
  count: number,
  from = 1,
  clock: Clock = databaseClock(db),
): Promise<void> {
  const now = await clock.now();
  for (let done = 0; done < count; done += 1000) {
    const numbers = Array.from({ length: Math.min(1000, count - done) }, (_, i) => from + done + i);
    const events = numbers.map((n) =>
      makeStageChange('Lead', {
        id: `trial-${n}`,
        at: now,
        contact: {
          id: `lead-${n}`,
          email: addressOf(n),
          first_name: `Lead ${n}`,
          consent: { marketing: true },
        },
        deal: { id: `deal-${n}` },
      }),
    );
    await record(db, events, { now, hash, pipelines: [sales] });
  }
}

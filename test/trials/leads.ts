// Leads for a trial: each a contact of its own, whose deal enters Lead now, so that each is due one mail.
import { type Clock, type Db, databaseClock } from '../../db/connect.ts';
import { record } from '../../db/events.ts';
import { hash, makeStageChange, sales } from '../harness/factories.ts';

export const addressOf = (n: number): string => `lead-${n}@acme.example`;

interface Said {
  /** The first one's number; 1 if left out. */
  readonly from?: number;
  /** Where it is not the ledger's. */
  readonly clock?: Clock;
  /** Taken in turn. */
  readonly locales?: readonly string[];
}

/** `count` leads, recorded as the API would, a thousand at a time. */
export async function recordLeads(
  db: Db,
  count: number,
  { from = 1, clock = databaseClock(db), locales = [] }: Said = {},
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
          ...(locales.length > 0 && { locale: locales[n % locales.length] ?? null }),
          consent: { marketing: true },
        },
        deal: { id: `deal-${n}` },
      }),
    );
    await record(db, events, { now, hash, pipelines: [sales] });
  }
}

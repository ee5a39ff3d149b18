// What the sweep does with hits: those of mails that have been quiet for a while are judged, and a person's become events.
// The wait is the price of the judgement: a scanner's first request looks like a person's until the others have come.
import type { Db } from '../db/connect.ts';
import { judgeQuiet, type Unjudged } from '../db/hits.ts';
import { type Judged, judgeHits } from '../mail/hits.ts';
import type { Sign } from '../mail/visitor-signs.ts';

/** Gateways are through with a mail within seconds. */
const quietMs = 20_000;
/** A mail that is asked for without end is judged by what has come so far. */
const mostMs = 5 * 60_000;
const limit = 500;

/** Answers how many events came of it. */
export async function judgeDue(db: Db, now: number): Promise<number> {
  let events = 0;
  for (;;) {
    const judged = await judgeQuiet(db, { now, quietMs, mostMs, limit, judge });
    events += judged.events;
    if (judged.mails < limit) return events;
  }
}

function judge({ hits, sentAt, links }: Unjudged): Judged[] {
  return judgeHits(
    hits.map((hit) => ({ ...hit, signs: hit.signs as readonly Sign[] })),
    { sentAt, links },
  );
}

// F11: everybody unsubscribes at a random moment, while the mail to them is queued, composed, on the wire or gone. Whoever was
// told that there will be no more mail gets none: the sink's record is held against what the ledger said at that moment.
import { sql } from 'kysely';
import { databaseClock } from '../../db/connect.ts';
import { readRest } from '../../db/rest.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { roles } from '../../workers/run.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { spawnSink } from '../harness/sink-spawn.ts';
import { spawnWorker } from '../harness/worker-spawn.ts';
import { openDice } from './dice.ts';
import type { Ground } from './ground.ts';
import { addressOf, recordLeads } from './leads.ts';
import { defineTrial, type Report } from './trial.ts';

const longForm = { sends: 10_000, reply: 3, atOnce: 4 };

export interface RaceReport extends Report {
  readonly unsubscribed: number;
  /** Mails that the sink took before their contact was told. */
  readonly before: number;
  /** Mails that were on the wire still when the patience of an unsubscription ended: none of the promise. */
  readonly onTheWire: number;
  /** Dots that followed the commit of their suppression. */
  readonly after: number;
  /** Mails whose contact was told none would come, and that were neither taken nor are due any more. */
  readonly spared: number;
}

export const f11 = defineTrial({
  name: 'F11',
  says: 'everybody unsubscribes at a random moment of the sends: dots after its commit 0',
  options: longForm,
  run: (options, ground): Promise<RaceReport> => runRace(ground, options),
  isMet: ({ after }) => after === 0,
});

export async function runRace(
  { db, databaseUrl, redisUrl }: Ground,
  { sends, reply: replyMs, atOnce, seed }: typeof longForm & { readonly seed: number },
): Promise<RaceReport> {
  const dice = openDice(seed);
  const clock = databaseClock(db);
  await useDefinitions(db, 0);
  await recordLeads(db, sends);
  const sink = await spawnSink({ replyMs });
  const order = Array.from({ length: sends }, (_, i) => ({ n: i + 1, draw: dice.below(1_000_000) }))
    .sort((a, b) => a.draw - b.draw || a.n - b.n)
    .map((one) => one.n);
  const settings = { databaseUrl, redisUrl, smtpUrl: sink.url, leaseMs: 30_000, sweepMs: 50, only: roles };
  const worker = await spawnWorker(settings);
  const told = new Map<string, string | null>();
  const leave = async () => {
    for (let n = order.pop(); n !== undefined; n = order.pop()) {
      const { rows } = await sql<{ id: string }>`select id from contacts where key = ${`lead-${n}`}`.execute(
        db,
      );
      const contactId = rows[0]?.id ?? '';
      await unsubscribe(db, { contactId, topic: 'marketing', now: await clock.now() });
      const { rows: mails } = await sql<{ state: string }>`
        select state from deliveries where contact_id = ${contactId}`.execute(db);
      told.set(addressOf(n), mails[0]?.state ?? null);
    }
  };
  try {
    await sink.until(1);
    await Promise.all(Array.from({ length: atOnce }, leave));
    while (!(await readRest(db, await clock.now())).isAtRest)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const taken = new Set((await sink.accepted()).map((mail) => mail.to));
    const count = (isOne: (state: string | null, isTaken: boolean) => boolean) =>
      [...told].filter(([address, state]) => isOne(state, taken.has(address))).length;
    const isGone = (state: string | null) => state === 'sent' || state === 'unknown';
    return {
      unsubscribed: told.size,
      before: count((state, isTaken) => isTaken && isGone(state)),
      onTheWire: count((state) => state === 'committing'),
      after: count((state, isTaken) => isTaken && !isGone(state) && state !== 'committing'),
      spared: count((state, isTaken) => !isTaken && !isGone(state)),
    };
  } finally {
    await worker.kill();
    await sink.close();
  }
}

// People who are erased while a mail to them is queued, composed, on the wire or gone: who is told that it was stopped gets none.
import { databaseClock } from '../../db/connect.ts';
import { eraseContact } from '../../db/erasure.ts';
import { readRest } from '../../db/rest.ts';
import { roles } from '../../workers/run.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { spawnSink } from '../harness/sink-spawn.ts';
import { spawnWorker } from '../harness/worker-spawn.ts';
import { openDice } from './dice.ts';
import type { Ground } from './ground.ts';
import { addressOf, recordLeads } from './leads.ts';

/** Everybody is erased at a random moment of the sends; `after`: mails that followed the commit of an erasure. */
export async function raceErasures(
  { db, databaseUrl, redisUrl }: Ground,
  { sends, seed }: { sends: number; seed: number },
): Promise<{ readonly onTheWire: number; readonly spared: number; readonly after: number }> {
  const dice = openDice(seed);
  const clock = databaseClock(db);
  await useDefinitions(db, 0);
  await recordLeads(db, sends);
  const sink = await spawnSink({ replyMs: 3 });
  const order = Array.from({ length: sends }, (_, i) => ({ n: i + 1, draw: dice.below(1_000_000) }))
    .sort((a, b) => a.draw - b.draw || a.n - b.n)
    .map((one) => one.n);
  const settings = { databaseUrl, redisUrl, smtpUrl: sink.url, leaseMs: 30_000, sweepMs: 50, only: roles };
  const worker = await spawnWorker(settings);
  const stopped: string[] = [];
  let onTheWire = 0;
  const erase = async () => {
    for (let n = order.pop(); n !== undefined; n = order.pop()) {
      const found = await eraseContact(db, `lead-${n}`, await clock.now());
      if (found === null) throw new Error('a lead was not found');
      onTheWire += found.leaving;
      if (found.unsent > 0 || found.deliveries === 0) stopped.push(addressOf(n));
    }
  };
  try {
    await sink.until(1);
    await Promise.all(Array.from({ length: 4 }, erase));
    while (!(await readRest(db, await clock.now())).isAtRest)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const taken = new Set((await sink.accepted()).map((mail) => mail.to));
    const after = stopped.filter((address) => taken.has(address)).length;
    return { onTheWire, spared: stopped.length - after, after };
  } finally {
    await worker.kill();
    await sink.close();
  }
}

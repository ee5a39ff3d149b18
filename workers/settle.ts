// From what a delivery came to, to the row that says so, surely: settlements are written in batches, and one that the
// ledger could not take is tried until it can. Meanwhile its lease is kept; should the process die first, the rescue
// finds the row, and nothing is sent twice for it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Settlement } from '../db/settle.ts';
import { openBatcher } from './batcher.ts';
import type { Outage } from './outage.ts';

export function openSettler(
  write: (settlements: readonly Settlement[]) => Promise<unknown>,
  outage: Outage,
): (settlement: Settlement) => Promise<void> {
  const writeInBatches = openBatcher(async (batch: readonly Settlement[]) => {
    await write(batch);
    return batch;
  });
  return async (settlement) => {
    const clean = { ...settlement, outcome: cleaned(settlement.outcome) };
    for (let afterMs = 50; ; afterMs = Math.min(afterMs * 2, 2_000)) {
      try {
        await writeInBatches(clean);
        outage.works();
        return;
      } catch (error) {
        outage.fails(error);
      }
      await pause(afterMs);
    }
  };
}

/** What a server said is cut to what a row should hold: a NUL would fail the batch for ever. */
function cleaned(outcome: Settlement['outcome']): Settlement['outcome'] {
  if ('why' in outcome) return { ...outcome, why: clean(outcome.why) };
  return 'reply' in outcome ? { ...outcome, reply: clean(outcome.reply) } : outcome;
}

function clean(text: string): string {
  // A cut may halve a character; half of one is no text to Postgres, and would fail the batch for ever too.
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 1_000)
    .replace(/\p{Cs}/gu, '');
}

// The sweep alone: what it rings for, and how it takes a ledger that is down.
import { expect, it } from 'vitest';
import type { QueueName } from '../../workers/queues.ts';
import { type Found, startSweep, sweepOnce } from '../../workers/sweep.ts';
import { recordLog } from '../harness/log.ts';
import { openSignal } from '../harness/signal.ts';

const quiet: Found = { contactsDue: false, deliveriesDue: false, requeued: 0, unknown: 0, refused: 0 };

function sweepThatFinds(...finds: (Found | Error)[]) {
  const { log, warnings, lines } = recordLog();
  const rung: QueueName[] = [];
  const looked = openSignal();
  const look = async () => {
    const found = finds[Math.min(looked.count, finds.length - 1)] ?? quiet;
    looked.raise();
    if (found instanceof Error) throw found;
    return found;
  };
  const ring = async (name: QueueName) => void rung.push(name);
  return { deps: { log, everyMs: 1, ring, look }, warnings, lines, rung, looked };
}

it.each([
  [{}, []],
  [{ contactsDue: true }, ['advance']],
  [{ deliveriesDue: true }, ['deliver']],
  [{ contactsDue: true, deliveriesDue: true }, ['advance', 'deliver']],
])('finding %o it rings %o', async (found, names) => {
  const { deps, rung } = sweepThatFinds({ ...quiet, ...found });
  await sweepOnce(deps);
  expect(rung).toEqual(names);
});

it('what became unknown is a warning with its number', async () => {
  const { deps, warnings } = sweepThatFinds({ ...quiet, unknown: 2 });
  await sweepOnce(deps);
  expect(warnings()).toEqual(['deliveries were leaving when their worker died: see the unknown list']);
});

it('what killed worker after worker is an error with its number', async () => {
  const { deps, lines } = sweepThatFinds({ ...quiet, refused: 1 });
  await sweepOnce(deps);
  expect(lines().join()).toContain('deliveries are refused: worker after worker died with them in hand');
});

it('a ledger that is down is said once, and the sweep keeps trying', async () => {
  const down = new Error('connect ECONNREFUSED');
  const { deps, warnings, lines, rung, looked } = sweepThatFinds(down, down, down, {
    ...quiet,
    contactsDue: true,
  });
  const sweep = startSweep(deps);
  await looked.reaches(5);
  await sweep.close();
  expect(warnings()).toEqual(['the sweep fails; it keeps trying']);
  expect(lines().join()).toContain('the sweep works again');
  expect(rung[0]).toBe('advance');
});

it('nothing is looked at after it was closed', async () => {
  const { deps, looked } = sweepThatFinds(quiet);
  const sweep = startSweep(deps);
  await sweep.close();
  const { count } = looked;
  await new Promise((resolve) => setImmediate(resolve));
  expect(looked.count).toBe(count);
});

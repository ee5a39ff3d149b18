// The doorbell, the same over both engines.
import { afterEach, describe, expect, it } from 'vitest';
import { openQueues, type Queues } from '../../workers/queues.ts';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { recordLog } from '../harness/log.ts';
import { openSignal } from '../harness/signal.ts';

describe.each(engineNames)('the queue over %s', async (engine) => {
  const { databaseUrl, redisUrl } = await freshEngine(engine);
  const { log, warnings } = recordLog();
  const opened: Queues[] = [];
  const open = async () => {
    const queues = await openQueues({ databaseUrl, redisUrl, log });
    opened.push(queues);
    return queues;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queues) => queues.close()));
  });

  it('a ring wakes its listener and no other', async () => {
    const queues = await open();
    const advanced = openSignal();
    const delivered = openSignal();
    queues.listen('advance', async () => advanced.raise());
    queues.listen('deliver', async () => delivered.raise());
    await queues.ring('advance');
    await advanced.reaches(1);
    await queues.ring('deliver');
    await delivered.reaches(1);
    expect(advanced.count).toBe(1);
  });

  it('a ring that comes during the work is answered after it', async () => {
    const queues = await open();
    const begun = openSignal();
    const ends: (() => void)[] = [];
    queues.listen('advance', () => {
      begun.raise();
      return new Promise((end) => ends.push(end));
    });
    await queues.ring('advance');
    await begun.reaches(1);
    await queues.ring('advance');
    ends[0]?.();
    await begun.reaches(2);
    ends[1]?.();
  });

  it('a hundred rings in one process are few answers', async () => {
    const queues = await open();
    await Promise.all(Array.from({ length: 100 }, () => queues.ring('deliver')));
    const worked = openSignal();
    queues.listen('deliver', async () => worked.raise());
    await worked.reaches(1);
    await queues.close();
    expect(worked.count).toBeLessThan(5);
  });

  it('a second process answers while the first is busy', async () => {
    const [first, second] = [await open(), await open()];
    const begun = openSignal();
    const ends: (() => void)[] = [];
    const work = () => {
      begun.raise();
      return new Promise<void>((end) => ends.push(end));
    };
    first.listen('advance', work);
    second.listen('advance', work);
    await first.ring('advance');
    await begun.reaches(1);
    await first.ring('advance');
    await begun.reaches(2);
    for (const end of ends) end();
  });

  it('work that throws is said once, and the next ring is answered', async () => {
    const queues = await open();
    const tried = openSignal();
    queues.listen('advance', async () => {
      tried.raise();
      if (tried.count < 3) throw new Error('the ledger is down');
    });
    for (const n of [1, 2, 3]) {
      await queues.ring('advance');
      await tried.reaches(n);
    }
    await queues.close();
    expect(warnings()).toEqual(['the worker of advance fails; the sweep rings again']);
  });

  it('closing lets the work under way finish', async () => {
    const queues = await open();
    const begun = openSignal();
    let isDone = false;
    const ends: (() => void)[] = [];
    queues.listen('deliver', async () => {
      begun.raise();
      await new Promise<void>((end) => ends.push(end));
      isDone = true;
    });
    await queues.ring('deliver');
    await begun.reaches(1);
    const closing = queues.close();
    ends[0]?.();
    await closing;
    expect(isDone).toBe(true);
  });
});

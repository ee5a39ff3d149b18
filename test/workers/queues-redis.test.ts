// The doorbell over a Redis that is killed, emptied, or set up in a way that loses keys.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueues, type Queues } from '../../workers/queues.ts';
import { recordLog } from '../harness/log.ts';
import { findFreePort, type RedisServer, redisAvailable, startRedis } from '../harness/redis.ts';
import { openSignal } from '../harness/signal.ts';

const nowhere = 'postgres://127.0.0.1:1/none';

describe.skipIf(!redisAvailable)('the queue over Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const open = (options = {}) =>
    openQueues({ redisUrl: redis.url, databaseUrl: nowhere, log: recordLog().log, ...options });

  it('refuses a Redis that may drop keys, and says how to set it', async () => {
    await redis.command('CONFIG SET maxmemory-policy allkeys-lru');
    await expect(open()).rejects.toThrow(
      /maxmemory-policy is allkeys-lru.*CONFIG SET maxmemory-policy noeviction/,
    );
    await redis.command('CONFIG SET maxmemory-policy noeviction');
  });

  it('refuses to start without its Redis, in one line that says where it looked', async () => {
    const port = await findFreePort();
    const opening = open({ redisUrl: `redis://:secret@127.0.0.1:${port}` });
    await expect(opening).rejects.toThrow(
      new RegExp(`^cannot reach Redis at 127.0.0.1:${port}: .*ECONNREFUSED`),
    );
    await expect(opening).rejects.not.toThrow(/secret|\n/);
  });

  it('keeps all keys of a queue under one hash tag', async () => {
    const queues = await open({ prefix: 'tagged' });
    await queues.ring('advance');
    const keys = await redis.command('KEYS *tagged*');
    expect(keys.match(/\{tagged-advance\}:advance:\w+/g)?.length).toBeGreaterThan(1);
    await queues.close();
  });

  it('holds nothing personal and nothing at all in a ring', async () => {
    const queues = await open({ prefix: 'empty' });
    await queues.ring('deliver');
    expect(await redis.command('HGET {empty-deliver}:deliver:1 data')).toContain('{}');
    await queues.close();
  });

  it('leaves no job behind once a ring was answered', async () => {
    const queues = await open({ prefix: 'tidy' });
    const worked = openSignal();
    const listener = queues.listen('advance', async () => worked.raise());
    await queues.ring('advance');
    await worked.reaches(1);
    await listener.close();
    expect(await redis.command('EXISTS {tidy-advance}:advance:1')).toBe(':0');
    await queues.close();
  });

  it('an emptied Redis does not deafen a listener', async () => {
    const queues = await open();
    const worked = openSignal();
    queues.listen('advance', async () => worked.raise());
    await queues.ring('advance');
    await worked.reaches(1);
    await redis.command('FLUSHALL');
    await queues.ring('advance');
    await worked.reaches(2);
    await queues.close();
  });

  it('ringing a dead Redis neither throws nor waits, warns once, and works again after it', async () => {
    const { log, warnings, lines } = recordLog();
    const queues = await open({ log });
    const worked = openSignal();
    queues.listen('advance', async () => worked.raise());
    await queues.ring('advance');
    await worked.reaches(1);
    await queues.ping();
    await redis.kill();
    await expect(queues.ping()).rejects.toThrow();
    for (let i = 0; i < 20; i++) await queues.ring('advance');
    expect(warnings()).toEqual(['ringing the queue fails; the sweep will find what is due']);
    await redis.start();
    await ringUntil(queues, () => worked.count > 1);
    expect(lines().join()).toContain('ringing the queue works again');
    await queues.close();
  });
});

/** As the sweep does: rings until somebody answers. */
async function ringUntil(queues: Queues, isAnswered: () => boolean): Promise<void> {
  const ringAndAsk = async () => {
    await queues.ring('advance');
    return isAnswered();
  };
  await expect.poll(ringAndAsk, { timeout: 60_000 }).toBe(true);
}

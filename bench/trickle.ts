// Latency at a trickle: single events over HTTP, twenty a second, each timed from its 202 to the moment at which the sink took
// its mail. Both ends read the clock of one machine.
import { setTimeout as pause } from 'node:timers/promises';
import { spawnSink } from '../test/harness/sink-spawn.ts';
import { startChild } from './child.ts';
import { makeEvents, post } from './events.ts';
import type { Stand } from './stand.ts';

export interface Trickle {
  readonly events: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export async function measureTrickle(
  stand: Stand,
  { events: count, perSecond, label }: { events: number; perSecond: number; label: string },
): Promise<Trickle> {
  const { connections, databaseUrl, redisUrl, key } = stand;
  const sink = await spawnSink({ isLight: true });
  const only = ['advance', 'deliver', 'sweep'];
  const settings = { databaseUrl, redisUrl, smtpUrl: sink.url, connections, only, serves: true };
  const house = await startChild<{ readonly url: string }>('house-process', settings);
  const acceptedAt = new Map<string, number>();
  const send = async (event: ReturnType<typeof makeEvents>[number]) => {
    await post(house.first.url, key, event);
    acceptedAt.set(event.contact.email, Date.now());
  };
  try {
    const [warm, timed] = [makeEvents(`${label}-warm`, 40, 'Lead'), makeEvents(label, count, 'Lead')];
    for (const event of warm) await Promise.all([send(event), pause(1000 / perSecond)]);
    await sink.until(warm.length);
    const startedAt = performance.now();
    const sending: Promise<void>[] = [];
    for (const [n, event] of timed.entries()) {
      await pause(Math.max(0, startedAt + (n * 1000) / perSecond - performance.now()));
      sending.push(send(event));
    }
    await Promise.all(sending);
    await sink.until(warm.length + count);
    const taken = await sink.accepted(warm.length);
    const waits = taken.map(({ to, at }) => at - (acceptedAt.get(to) ?? at)).sort((a, b) => a - b);
    const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
    return { events: count, perSecond, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  } finally {
    await house.stop();
    await sink.close();
  }
}

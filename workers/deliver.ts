// Stops 9 to 11 of the path: claim queued deliveries, let the step that asked for each perform it, settle what came of
// it. It knows no step by name. A place in the window is a send under way, so that claiming, committing and settling
// go on beside slow servers. What would break it: a dot that went out without an acknowledged commit.
import type { Logger } from 'pino';
import type { Clock } from '../db/connect.ts';
import type { Policy } from '../engine/policy.ts';
import { sendingRules } from '../engine/sending.ts';
import type { Step } from '../engine/step.ts';
import { identify } from '../mail/identity.ts';
import { type Claimed, type DeliveryLedger, openHoldings } from './holdings.ts';
import type { Applied, Post } from './io.ts';
import { perform } from './perform.ts';
import type { QueueName } from './queues.ts';
import { openWindow } from './window.ts';
import type { Work } from './work.ts';

export interface DeliverDeps {
  readonly ledger: DeliveryLedger;
  readonly clock: Clock;
  readonly steps: readonly Step[];
  readonly post: Post;
  readonly work: Work;
  readonly log: Logger;
  /** SMTP connections of this process. */
  readonly connections: number;
  applied(): Promise<Applied>;
  ring(name: QueueName): Promise<void>;
  isStopping(): boolean;
}

export interface Deliverer {
  /** Until a claim comes back empty and all that was claimed has begun. Answers how many were claimed. */
  drain(): Promise<number>;
  /** Resolves once every send that has begun is settled. */
  isIdle(): Promise<void>;
  close(): Promise<void>;
}

export function openDeliver(deps: DeliverDeps): Deliverer {
  const { connections } = deps;
  const holdings = openHoldings(deps);
  // Half of them compose while the other half is with the server: no connection waits for a template, or for a claim.
  const window = openWindow(connections * 2);
  const limit = connections * 10;

  const rulesOf = (policy: Policy, now: number) =>
    sendingRules(policy, (topic) => identify(deps.post.identity, policy, topic).domain, now);

  async function claimSome(): Promise<Batch> {
    const [now, applied] = await Promise.all([deps.clock.now(), deps.applied()]);
    const rules = rulesOf(applied.policy, now);
    return { claimed: await holdings.claim(now, limit, rules), now, ...applied };
  }

  async function deliverOne(one: Claimed, { now, templates, policy, reckon }: Batch): Promise<void> {
    const { delivery, facts } = one;
    const commit = () => holdings.commit(one);
    holdings.conclude(one, await perform(deps, { delivery, facts, now, templates, policy, reckon, commit }));
  }

  async function begin(batch: Batch): Promise<void> {
    for (const one of batch.claimed) {
      if (deps.isStopping()) holdings.conclude(one, { is: 'released' });
      else await window.enter(() => deliverOne(one, batch));
    }
  }

  async function isIdle(): Promise<void> {
    await window.isIdle();
    await holdings.isSettled();
  }
  return {
    async drain() {
      for (let sum = 0; ; ) {
        if (deps.isStopping()) return sum;
        const batch = await claimSome();
        if (batch.claimed.length === 0) return sum;
        sum += batch.claimed.length;
        // There is more than one batch: an idle worker, here or elsewhere, can take the next at once.
        if (batch.claimed.length === limit) void deps.ring('deliver');
        await begin(batch);
      }
    },
    isIdle,
    async close() {
      await isIdle();
      holdings.close();
    },
  };
}

interface Batch extends Applied {
  readonly claimed: readonly Claimed[];
  readonly now: number;
}

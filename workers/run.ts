// The workers of one process, put together: who listens to which bell, with what, and in which order they stop. Opens no
// connection of its own but the listeners'; what it is handed is closed by who opened it.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { hasDue as hasDueContacts } from '../db/agenda.ts';
import type { Clock, Db } from '../db/connect.ts';
import { claim, commit, hasDue as hasDueDeliveries, renew, rescue } from '../db/deliveries.ts';
import { prune } from '../db/prune.ts';
import { settle } from '../db/settle.ts';
import { remindSurveys } from '../db/surveys-due.ts';
import { attendTasks } from '../db/tasks-due.ts';
import type { Step } from '../engine/step.ts';
import { type AdvanceDeps, drainAdvance, parkDeadly } from './advance.ts';
import { openBreakers } from './breakers.ts';
import { type Definitions, watchDefinitions } from './definitions.ts';
import { type DeliverDeps, openDeliver } from './deliver.ts';
import { judgeDue } from './hits.ts';
import type { DeliveryLedger } from './holdings.ts';
import type { Post } from './io.ts';
import type { Queues } from './queues.ts';
import { type RescanDeps, startRescan } from './rescan.ts';
import { type SweepDeps, startSweep } from './sweep.ts';
import { tellTasks } from './tell.ts';
import { openWork, type ReportWriter } from './work.ts';

export const roles = ['advance', 'deliver', 'sweep'] as const;
export type Role = (typeof roles)[number];

export interface WorkerDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly steps: readonly Step[];
  readonly post: Post;
  readonly log: Logger;
  /** Left out: this process mails no reports, and such a delivery fails with that reason. */
  readonly writeReport?: ReportWriter;
  /** SMTP connections of this process; the transport's own number. */
  readonly connections: number;
  /** Contacts in one transaction. */
  readonly batch?: number;
  readonly sweepMs?: number;
  readonly leaseMs?: number;
  /** Called when a ring has been answered to the end: nothing found was left undone. For whoever waits for that. */
  readonly onRest?: () => void;
}

export interface Workers {
  /** Finishes the batch and the sends under way, gives back what has not begun, and closes in reverse order. */
  stop(): Promise<void>;
}

export function startWorkers(deps: WorkerDeps, only: readonly Role[] = roles): Workers {
  return startParts(partsOf(deps), only);
}

/** What each role is given; a trial puts its faults in between. */
export interface Parts {
  readonly queues: Queues;
  readonly advance: AdvanceDeps;
  readonly deliver: DeliverDeps;
  readonly sweep: SweepDeps;
  readonly rescan: RescanDeps;
  onRest(): void;
  /** From now on, nobody takes more. */
  beginStopping(): void;
}

export function partsOf(deps: WorkerDeps): Parts {
  const { db, clock, queues, steps, log, post, connections } = deps;
  let isStopping = false;
  const shared = { clock, log, ring: queues.ring, isStopping: () => isStopping };
  const definitions = watchDefinitions(steps);
  const ledger = ledgerOf(db, deps.leaseMs ?? 60_000);
  const applied = () => definitions.applied(db);
  const work = openWork(db, () => definitions.program(db, []), deps.writeReport ?? null);
  return {
    queues,
    advance: { ...shared, db, definitions, batch: deps.batch ?? 500 },
    deliver: {
      ...shared,
      steps,
      post,
      work,
      connections,
      ledger,
      applied,
    },
    sweep: {
      ...shared,
      everyMs: deps.sweepMs ?? 1_000,
      look: lookWith({ db, clock, log }, definitions, openBreakers({ db, post, log, applied })),
    },
    rescan: { ...shared, db, definitions, batch: 1_000, everyMs: (deps.sweepMs ?? 1_000) * 5 },
    onRest: deps.onRest ?? (() => undefined),
    beginStopping: () => {
      isStopping = true;
    },
  };
}

export function startParts(parts: Parts, only: readonly Role[]): Workers {
  const { queues } = parts;
  const closings: (() => Promise<void>)[] = [];
  if (only.includes('advance'))
    closings.push(
      queues.listen('advance', async () => {
        await drainAdvance(parts.advance);
        parts.onRest();
      }).close,
    );
  if (only.includes('deliver')) {
    const deliver = openDeliver(parts.deliver);
    const work = async () => {
      await deliver.drain();
      void deliver.isIdle().then(parts.onRest);
    };
    closings.push(deliver.close, queues.listen('deliver', work).close);
  }
  if (only.includes('sweep')) closings.push(startSweep(parts.sweep).close, startRescan(parts.rescan).close);
  return {
    async stop() {
      parts.beginStopping();
      for (const close of closings.reverse()) await close();
    },
  };
}

const looksAtMost = 100;

function ledgerOf(db: Db, leaseMs: number): DeliveryLedger {
  return {
    leaseMs,
    async claim(now, limit, rules) {
      const token = randomUUID();
      // A batch of which all had to wait for their turn is not the end of what is due.
      for (let look = 0; look < looksAtMost; look++) {
        const claimed = await claim(db, { now, limit, token, leaseMs, rules });
        if (claimed.length > 0) return claimed.map((one) => ({ ...one, token }));
        if (!(await hasDueDeliveries(db, now))) break;
      }
      return [];
    },
    commit: (held) => commit(db, held),
    settle: (settlements, now) => settle(db, settlements, now),
    renew: (held) => renew(db, held, leaseMs),
  };
}

/** How long the detail of an ended run is kept, and how often the sweep looks for older. */
const keptMs = 400 * 86_400_000;
const pruneEvery = 600;
const pruneLimit = 1_000;
const breakerEvery = 30;

/** What the sweep looks for, after the rescue of what a dead worker held; now and then, what is old goes. */
function lookWith(
  { db, clock, log }: Pick<WorkerDeps, 'db' | 'clock' | 'log'>,
  definitions: Definitions,
  trip: (now: number) => Promise<void>,
): SweepDeps['look'] {
  let looks = 0;
  return async () => {
    const now = await clock.now();
    const { queued, unknown, refused } = await rescue(db, now);
    await parkDeadly({ db, log }, now);
    await judgeDue(db, now);
    if (looks % breakerEvery === 0) await trip(now);
    await remindSurveys(db, now);
    const programOf = () => definitions.program(db, []);
    await attendTasks(db, programOf, now);
    await tellTasks(db, programOf, now);
    const [contactsDue, deliveriesDue] = await Promise.all([
      hasDueContacts(db, now),
      hasDueDeliveries(db, now),
    ]);
    if (looks++ % pruneEvery === 0) await prune(db, { before: now - keptMs, limit: pruneLimit });
    return { contactsDue, deliveriesDue, requeued: queued, unknown, refused };
  };
}

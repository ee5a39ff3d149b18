// F3: everything that a mail server can do to a client, cell by cell, through the whole path: leads in the ledger, the
// workers of production, a virtual clock for the waits between tries, and a scripted sink. Each cell twice: the server goes on
// like that until the mails' lifetimes end, and it does it a few times and then recovers, over the same connections. Judged by
// the sink's record and the rows of the ledger.
import { pino } from 'pino';
import { openFastClock } from '../../cli/clock.ts';
import { databaseClock } from '../../db/connect.ts';
import type { Transport } from '../../mail/transport.ts';
import { steps } from '../../steps/index.ts';
import { openQueues } from '../../workers/queues.ts';
import { partsOf, roles, startParts } from '../../workers/run.ts';
import { type Cell, cells } from '../harness/cells.ts';
import { calmPolicyFile, letters, onceFile, pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { openPost } from '../harness/post.ts';
import { findFreePort } from '../harness/redis.ts';
import { type Sink, startSink } from '../harness/sink.ts';
import { type Dice, openDice } from './dice.ts';
import { type CellReport, judgeCell, type Played, tableHead, toLine } from './f3-judge.ts';
import { type Place, walk } from './f3-walk.ts';
import type { Ground } from './ground.ts';
import { addressOf, recordLeads } from './leads.ts';
import { defineTrial } from './trial.ts';

/** `tries`: after so many the clock leaps to the end of the mails' lifetime; 0: never. `wait`: the transport's patience, in ms. */
const longForm = { mails: 4, tries: 0, wait: 250 };
type CellTrial = typeof longForm & { readonly seed: number };

/** Long enough to be cut anywhere. */
const longLetters = letters.map(({ path, text }) => ({
  path,
  text: text.replace('<mj-text>', `<mj-text>${'A line of the mail. '.repeat(150)}</mj-text>\n<mj-text>`),
}));

/** One that nobody need play: nothing listens there. */
const refusing: Cell = {
  name: 'the connection is refused',
  rule: { at: 'greeting' },
  told: 'lost before',
  comesTo: 'relay',
};

export interface CellsReport {
  readonly [figure: string]: unknown;
  readonly leads: number;
  readonly accepted: number;
  readonly twice: number;
  readonly maimed: number;
  /** Delivered, and the row says that it was not; or the other way round. */
  readonly denied: number;
  readonly invented: number;
  /** Cells in which something else came of a mail than should. */
  readonly missed: readonly string[];
  readonly cells: readonly CellReport[];
}

export async function runCells(
  ground: Ground,
  trial: CellTrial,
  tell: (cell: CellReport) => void = () => undefined,
): Promise<CellsReport> {
  const { place, carry, close } = await openPlace(ground);
  const dice = openDice(trial.seed);
  const reports: CellReport[] = [];
  let leads = 0;
  const enter = async (count: number) => {
    const addresses = Array.from({ length: count }, (_, n) => addressOf(leads + n + 1));
    await recordLeads(ground.db, count, { from: leads + 1, clock: place.clock });
    leads += count;
    return addresses;
  };

  /** The mails of one server, from their leads to their ends. */
  async function play(cell: Cell, count: number, { passes }: { passes: boolean }): Promise<Played> {
    const addresses = await enter(count);
    const port = await findFreePort();
    const open = (): Promise<Sink> =>
      startSink({ port, ...(cell.extensions && { extensions: cell.extensions }) });
    let sink = cell === refusing ? null : await open();
    sink?.use(passes ? { ...cell.rule, times: trial.mails } : cell.rule);
    const over = carry(port, cell, trial.wait);
    const walked = await walk(place, addresses, {
      leapAfter: passes ? 0 : trial.tries,
      onRound: async (round) => {
        if (passes && round === 2) sink ??= await open();
      },
    });
    await over.close();
    await sink?.close();
    return { ...walked, accepted: sink?.accepted ?? [] };
  }

  try {
    for (const cell of [refusing, ...cells, ...dropsAt(dice, 3)]) {
      const lasting = await play(cell, trial.mails, { passes: false });
      const passing = await play(cell, trial.mails * 2, { passes: true });
      const report = judgeCell(cell, lasting, passing, trial.tries === 0);
      reports.push(report);
      tell(report);
    }
  } finally {
    await close();
  }
  const sum = (of: 'mails' | 'accepted' | 'twice' | 'maimed' | 'denied' | 'invented') =>
    reports.reduce((total, one) => total + one[of], 0);
  return {
    ...{ leads: sum('mails'), accepted: sum('accepted'), twice: sum('twice'), maimed: sum('maimed') },
    ...{ denied: sum('denied'), invented: sum('invented') },
    missed: reports.flatMap(({ name, misses }) => misses.map((miss) => `${name}: ${miss}`)),
    cells: reports,
  };
}

/** `drop at byte k`, the ks by dice. */
function dropsAt(dice: Dice, count: number): Cell[] {
  return Array.from({ length: count }, () => {
    const byte = 1 + dice.below(4_000);
    const rule = { at: 'body', byte, reply: null, drop: 'reset' } as const;
    return { name: `a drop at byte ${byte}`, rule, told: 'lost before', comesTo: 'relay' };
  });
}

/** The workers, whose way out is changed from cell to cell. */
async function openPlace({ db, databaseUrl, redisUrl }: Ground) {
  const log = pino({ level: 'silent' });
  const clock = openFastClock(await databaseClock(db).now());
  await useDefinitions(db, 0, [pipelinesFile, onceFile, calmPolicyFile], longLetters);
  const queues = await openQueues({ redisUrl, databaseUrl, log });
  const connections = 3;
  let current: Transport | null = null;
  const transport: Transport = {
    send: (message, gate) => {
      if (current === null) throw new Error('a mail leaves between two cells');
      return current.send(message, gate);
    },
    close: async () => undefined,
  };
  const post = { ...openPost('smtp://127.0.0.1:9', log), transport };
  const workers = startParts(
    partsOf({ db, clock, queues, steps, post, log, connections, sweepMs: 200 }),
    roles,
  );
  return {
    place: { db, clock, ring: queues.ring } satisfies Place,
    carry(port: number, { login = '', query = '', wait }: Cell, ms: number): Transport {
      const waits = { connectMs: 20_000, bodyMs: 20_000, replyMs: 20_000, ...(wait && { [wait]: ms }) };
      const url = `smtp://${login}127.0.0.1:${port}${query}`;
      current = openPost(url, log, connections, { waits, restMs: 1 }).transport;
      return current;
    },
    close: async () => {
      await workers.stop();
      await queues.close();
    },
  };
}

export const areCellsMet = (report: CellsReport): boolean =>
  report.twice + report.maimed + report.denied + report.invented + report.missed.length === 0;

export const f3 = defineTrial({
  name: 'F3',
  says: 'all that a mail server can do, cell by cell: twice 0, corrupted 0, delivered but marked failed 0',
  options: longForm,
  run: async (options, ground): Promise<CellsReport> => {
    process.stderr.write(tableHead);
    return await runCells(ground, options, (cell) => process.stderr.write(toLine(cell)));
  },
  isMet: areCellsMet,
});

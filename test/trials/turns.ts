// Round robin by workers at once: each gives out its share of the tasks of one team in batches of its own size, all against
// one ledger. Judged by the tasks' own rows: how far the fullest is from the emptiest.
import { sql } from 'kysely';
import { close, connect, type Db } from '../../db/connect.ts';
import { makeTasks } from '../../db/tasks-make.ts';
import { monday } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { recordLog } from '../harness/log.ts';
import type { Ground } from './ground.ts';
import { defineTrial } from './trial.ts';

interface Options {
  readonly tasks: number;
  readonly workers: number;
  readonly people: number;
}
const sizes = [5, 20, 50, 200];

async function runTurns({ db, databaseUrl }: Ground, { tasks, workers, people }: Options) {
  await makeContacts(db, 1, { dueAt: null });
  const { log } = recordLog();
  const own = Array.from({ length: workers }, (_, i) =>
    connect(databaseUrl, { max: 1, name: `giver-${i}`, log }),
  );
  await Promise.all(own.map((one, i) => giveOut(one, Math.ceil((tasks - i) / workers), i, people)));
  await Promise.all(own.map(close));
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from tasks group by owner`.execute(db);
  const each = rows.map(({ n }) => n);
  return {
    made: each.reduce((sum, n) => sum + n, 0),
    people: each.length,
    fullest: Math.max(...each),
    emptiest: Math.min(...each),
  };
}

async function giveOut(db: Db, count: number, worker: number, people: number): Promise<void> {
  const candidates = Array.from({ length: people }, (_, i) => ({
    person: `person-${i}`,
    dueAt: monday + 1_000,
    lookAt: monday + 500,
  }));
  const rule = { assign: { to: 'turn' as const, team: 'sales' }, due: 'PT4H', remind: [], overdue: null };
  const of = {
    deliveryId: null,
    contactId: '1',
    dealId: null,
    run: null,
    title: 'Call',
    notes: null,
    by: 'trial',
  };
  const making = {
    ...of,
    rule,
    choice: { by: 'turn' as const, team: 'sales', candidates },
    dueAt: monday + 1_000,
  };
  const size = sizes[worker % sizes.length] ?? 50;
  for (let at = 0; at < count; at += size)
    await makeTasks(
      db,
      Array.from({ length: Math.min(size, count - at) }, (_, i) => ({
        ...making,
        key: `${worker}-${at + i}`,
      })),
      monday,
    );
}

type TurnsReport = Awaited<ReturnType<typeof runTurns>>;

export const turns = defineTrial({
  name: 'turns',
  says: 'round robin over a team by workers at once: nobody has more than one task above another',
  options: { tasks: 10_000, workers: 4, people: 7 },
  run: (options, ground) => runTurns(ground, options),
  isMet: ({ fullest, emptiest }: TurnsReport) => fullest - emptiest <= 1,
});

// `voronka task list | done | cancel | snooze`: what people have to do, for those who sit at a terminal. A change is heard
// by the workflow that waits for it at the next sweep.
import Table from 'cli-table3';
import { type Changing, changeTask, type KnownTask, listTasks, readTask } from '../db/tasks.ts';
import { parseDuration } from '../engine/duration.ts';
import { refuseOutcome } from '../engine/task-life.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint, type ExitCode, type Streams } from './streams.ts';
import { plainTable } from './tables.ts';

const most = 1_000;

interface ListOptions {
  readonly owner?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const list = defineCommand<ListOptions>({
  summary: `list the open ones, at most ${most}`,
  example: 'voronka task list --owner olga',
  options: (command) =>
    command
      .option('--owner <name>', 'those of one person of teams.yaml')
      .option('--all', 'also those that are done or cancelled')
      .option('--json', 'as JSON'),
  run: ({ owner, all, json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'task', { isGuest: true });
      const filter = {
        ...(owner === undefined ? {} : { owner }),
        ...(all ? {} : { state: 'open' as const }),
      };
      const tasks = await listTasks(db, { ...filter, limit: most });
      if (json) streams.out.write(`${JSON.stringify(tasks, null, 2)}\n`);
      else if (tasks.length === 0) streams.out.write('None.\n');
      else {
        const table = new Table({
          ...plainTable,
          head: ['task', 'state', 'owner', 'due', 'contact', 'what'],
        });
        for (const { id, state, owner: whose, dueAt, overdueAt, contact, title } of tasks) {
          const due = `${new Date(dueAt).toISOString()}${overdueAt !== null && state === 'open' ? ' overdue' : ''}`;
          table.push([id, state, whose ?? '-', due, contact, title]);
        }
        streams.out.write(`${table.toString()}\n`);
      }
      return 0;
    }),
});

/** Exit 1 where it is closed already: nothing was changed. */
async function changeOne(
  id: string,
  streams: Streams,
  changeAt: (now: number) => Changing['change'],
): Promise<ExitCode> {
  return await withDeps(readConfig(streams.env), streams, async (deps) => {
    const { db, clock } = await openLedger(deps, 'task', { isGuest: true });
    const now = await clock.now();
    const change = changeAt(now);
    const refusal = refuseOutcome((await readTask(db, id))?.outcomes ?? null, change.outcome);
    if (refusal !== null) throw complaint(2, `Task ${id}: ${refusal}`);
    const changed = await changeTask(db, id, { change, by: 'cli', now });
    if (changed === null) throw complaint(2, `There is no task ${id}: see voronka task list --all`);
    streams.out.write(`${tell(changed.task, changed.isNews)}\n`);
    return changed.isNews ? 0 : 1;
  });
}

function tell({ id, title, state, dueAt }: KnownTask, isNews: boolean): string {
  const now = state === 'open' ? `due ${new Date(dueAt).toISOString()}` : state;
  return isNews ? `Task ${id} is ${now}: ${title}` : `Task ${id} was ${now} already: nothing was changed.`;
}

const done = defineCommand<{ readonly outcome?: string }>({
  summary: 'say that one is done',
  example: 'voronka task done 17 --outcome reached',
  options: (command) =>
    command
      .argument('<id>', 'as the list shows it')
      .option('--outcome <word>', 'how it ended, in a word that workflows may ask for'),
  run: ({ outcome }, [id = ''], streams) => {
    if (outcome !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(outcome))
      throw complaint(2, `--outcome "${outcome}" is no word: write lower-case letters, digits and hyphens`);
    return changeOne(id, streams, () => ({ state: 'done', ...(outcome === undefined ? {} : { outcome }) }));
  },
});

const cancel = defineCommand({
  summary: 'say that one need not be done',
  example: 'voronka task cancel 17',
  options: (command) => command.argument('<id>', 'as the list shows it'),
  run: (_options, [id = ''], streams) => changeOne(id, streams, () => ({ state: 'cancelled' })),
});

const snooze = defineCommand<{ readonly for: string }>({
  summary: 'put one off, from now',
  example: 'voronka task snooze 17 --for 4h',
  options: (command) =>
    command.argument('<id>', 'as the list shows it').option('--for <duration>', 'how long: 4h, 2d', '1d'),
  run: ({ for: said }, [id = ''], streams) => {
    const duration = parseDuration(said);
    if (duration === null || duration.isBusiness || duration.months > 0)
      throw complaint(2, `--for "${said}" is no duration that can be counted from now: write 4h or 2d`);
    const ms = duration.days * 86_400_000 + duration.ms;
    return changeOne(id, streams, (now) => ({ dueAt: now + ms, lookAt: now + ms }));
  },
});

export const task = defineCommand({
  summary: 'what people have to do: list, done, cancel, snooze',
  example: 'voronka task list',
  commands: { list, done, cancel, snooze },
});

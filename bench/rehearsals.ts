// `npm run bench:rehearsals [-- --personas 10000 --events 50000 --ledger]`: how long it takes to know things before they run.
// A 90-day workflow over many personas, and a backtest over many past events: out of a file, and with --ledger out of a
// ledger of its own by the command itself.
import { parseArgs } from 'node:util';
import { livesOf } from '../cli/backtest-file.ts';
import { openTally, replay } from '../cli/backtest-tally.ts';
import { checkSources, readSources } from '../cli/definitions.ts';
import { main } from '../cli/main.ts';
import { tallyCrowd } from '../cli/personas-tally.ts';
import { databaseClock } from '../db/connect.ts';
import type { EventInput } from '../db/event-input.ts';
import { record } from '../db/events.ts';
import { createConditions } from '../engine/condition.ts';
import { literalsOf } from '../engine/condition-literals.ts';
import { link } from '../engine/link.ts';
import { steps } from '../steps/index.ts';
import { hash } from '../test/harness/factories.ts';
import { onOwnGround } from '../test/trials/ground.ts';

const { values } = parseArgs({
  options: {
    personas: { type: 'string', default: '10000' },
    events: { type: 'string', default: '50000' },
    workflow: { type: 'string', default: 'objections' },
    ledger: { type: 'boolean', default: false },
  },
});
const from = Date.parse('2026-01-12T09:00:00Z');
const { plans, catalogue } = checkSources(readSources('workflows', 'templates'));
const plan = plans.find((one) => one.workflow === values.workflow);
if (plan === undefined) throw new Error(`there is no workflow ${values.workflow}`);
const program = link([plan], [plan.hash], steps, catalogue);

function measure(what: string, work: () => string): void {
  const [startedAt, cpuAt] = [performance.now(), process.cpuUsage()];
  const told = work();
  const seconds = (performance.now() - startedAt) / 1000;
  // What the machine's other work does not change.
  const cpu = process.cpuUsage(cpuAt);
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  process.stdout.write(
    `${what}  ${seconds.toFixed(1)} s (${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of processor)  ${told}  ${memory} MB\n`,
  );
}

measure(`${values.personas} personas, ${plan.workflow}, 90 days`, () => {
  const literals = literalsOf(plan, createConditions(catalogue));
  const drawing = { plan, catalogue, literals, seed: '1', from };
  const tally = tallyCrowd(program, drawing, {
    personas: Number(values.personas),
    days: 90,
    tell: () => undefined,
  });
  return `${tally.entered} entered, ${tally.asked.reduce((sum, one) => sum + one.count, 0)} mails`;
});

function makePast(count: number, begins: number): EventInput[] {
  const stages = catalogue.pipelines[0]?.stages ?? [];
  return Array.from({ length: count }, (_, i): EventInput => {
    const number = Math.floor(i / 5);
    return {
      id: `e-${i}`,
      type: 'deal.stage_changed',
      at: begins + ((i % 5) * 8 + (number % 40)) * 86_400_000,
      contact: { id: `c-${number}`, timezone: 'Europe/Berlin', consent: { marketing: true } },
      deal: {
        id: `d-${number}`,
        stage: stages[i % 5] ?? '',
        amount: (number % 40) * 500,
        objection: 'price',
      },
    };
  }).sort((a, b) => a.at - b.at);
}

const inputs = makePast(Number(values.events), from);
measure(`${values.events} past events of a file, ${plan.workflow}`, () => {
  const tally = openTally();
  const until = from + 200 * 86_400_000;
  for (const life of livesOf(inputs, catalogue, from)) replay(tally, life, program, until, false);
  return `${tally.contacts} contacts, ${tally.entered.would} would have entered`;
});

if (values.ledger)
  await onOwnGround('postgres', async ({ db, databaseUrl }) => {
    const now = await databaseClock(db).now();
    const past = makePast(Number(values.events), now - 85 * 86_400_000);
    const options = { now, hash, pipelines: catalogue.pipelines };
    for (let at = 0; at < past.length; at += 1000) await record(db, past.slice(at, at + 1000), options);
    const told: string[] = [];
    const [startedAt, cpuAt] = [performance.now(), process.cpuUsage()];
    const code = await main(['backtest', plan.workflow, '--since', '90d', '--json'], {
      out: { write: (text) => told.push(text) },
      err: { write: () => undefined },
      env: { DATABASE_URL: databaseUrl },
      stop: new AbortController().signal,
    });
    const cpu = process.cpuUsage(cpuAt);
    const { contacts, events, entered } = JSON.parse(told.join(''));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(
      `${values.events} past events of a ledger, ${plan.workflow}  ${seconds} s (${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of ` +
        `processor)  exit ${code}, ${contacts} contacts, ${events} events, ${entered.would} would have entered\n`,
    );
  });

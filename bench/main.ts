// `npm run bench [-- --mails 5000 --rounds 3 --waiting 100000 --engine redis --json bench.json]`: what this machine makes of it,
// beside nodemailer alone in the same run, with and without a crowd of waiting runs in the ledger.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { redisAvailable } from '../test/harness/redis.ts';
import { onOwnGround } from '../test/trials/ground.ts';
import { type LintTimes, measureLint } from './lint.ts';
import { measurePlans, type PlanTimes } from './plans.ts';
import { openStand, type Stand } from './stand.ts';
import { measureThroughput, type Throughput } from './throughput.ts';
import { measureTransitions, type Transitions } from './transitions.ts';
import { measureTrickle, type Trickle } from './trickle.ts';
import { addWaitingRuns } from './waiting.ts';

interface Figures {
  readonly waitingRuns: number;
  readonly throughput: Throughput | null;
  readonly transitions: Transitions | null;
  readonly trickle: Trickle | null;
  readonly plans: PlanTimes | null;
}

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: redisAvailable ? 'redis' : 'postgres' },
    mails: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '3' },
    contacts: { type: 'string', default: '20000' },
    events: { type: 'string', default: '400' },
    connections: { type: 'string', default: '5' },
    waiting: { type: 'string', default: '100000' },
    only: { type: 'string' },
    profile: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(
    `npm run bench -- [--engine redis|postgres] [--mails N] [--rounds N] [--contacts N] [--events N] [--waiting N]
                 [--connections N] [--only mails,transitions,trickle,plan,lint] [--json FILE] [--profile FOLDER]
Example: npm run bench -- --mails 3000 --waiting 100000 --json bench.json
`,
  );
  process.exit(0);
}
const nodeArgs = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
const isWanted = (part: string) => !values.only || values.only.split(',').includes(part);

const lintTimes = isWanted('lint') ? await measureLint(200) : null;
if (lintTimes) process.stdout.write(`${tellLint(lintTimes)}\n`);
const needsGround = !values.only || values.only !== 'lint';
const figures = !needsGround
  ? []
  : await onOwnGround(values.engine === 'postgres' ? 'postgres' : 'redis', async (ground) => {
      const stand = await openStand(ground, Number(values.connections));
      const measured = [await measure(stand, 0)];
      const waiting = Number(values.waiting);
      if (waiting > 0) {
        await addWaitingRuns(stand.db, waiting);
        measured.push(await measure(stand, waiting));
      }
      return measured;
    });
for (const one of figures) process.stdout.write(`${tell(one)}\n`);
if (values.json)
  await writeFile(
    values.json,
    `${JSON.stringify({ engine: values.engine, figures, lint: lintTimes }, null, 2)}\n`,
  );

async function measure(stand: Stand, waitingRuns: number): Promise<Figures> {
  const label = `w${waitingRuns}`;
  const [mails, rounds, contacts] = [Number(values.mails), Number(values.rounds), Number(values.contacts)];
  return {
    waitingRuns,
    throughput: isWanted('mails') ? await measureThroughput(stand, { mails, rounds, label, nodeArgs }) : null,
    transitions: isWanted('transitions')
      ? await measureTransitions(stand, { contacts, label: `${label}-t`, nodeArgs })
      : null,
    trickle: isWanted('trickle')
      ? await measureTrickle(stand, { events: Number(values.events), perSecond: 20, label: `${label}-l` })
      : null,
    plans: isWanted('plan') && waitingRuns > 0 ? await measurePlans(stand) : null,
  };
}

function tell({ waitingRuns, throughput, transitions, trickle, plans }: Figures): string {
  const lines = [`with ${waitingRuns} waiting runs`];
  if (throughput) {
    const { voronka, alone, ratio, cpuMs, rssMb, connections } = throughput;
    lines.push(
      `  emails/s    ${list(voronka)} | nodemailer alone ${list(alone)} (${connections} connections each) | ratio ${ratio.toFixed(2)}`,
      `  processor   ${JSON.stringify(cpuMs.voronka)} ms a mail | alone ${JSON.stringify(cpuMs.alone)} | memory ${rssMb} MB`,
    );
  }
  if (transitions)
    lines.push(
      `  transitions ${transitions.perSecond.toFixed(0)}/s (entering ${transitions.enterPerSecond.toFixed(0)}, waking ${transitions.wakePerSecond.toFixed(0)}; ${transitions.processes} processes)`,
    );
  if (trickle)
    lines.push(
      `  latency     p50 ${trickle.p50Ms} ms, p99 ${trickle.p99Ms} ms, max ${trickle.maxMs} ms at ${trickle.perSecond} events/s`,
    );
  if (plans)
    lines.push(
      `  plan        ${plans.planMs} ms over ${plans.underWay} under way; apply moves ${plans.moved} in ${plans.applySeconds.toFixed(1)} s`,
    );
  return lines.join('\n');
}

function tellLint(times: LintTimes): string {
  const { nodeMs, thirteenWarmMs, thirteenMs, shippedColdMs, shippedMs, workflows } = times;
  return [
    `lint (node itself ${nodeMs} ms)`,
    `  thirteen    ${thirteenMs} ms; in a warm process ${thirteenWarmMs} ms`,
    `  shipped     ${shippedMs} ms; the first time ${shippedColdMs} ms`,
    `  ${workflows} workflows ${times.manyMs} ms; the first time ${times.manyColdMs} ms`,
  ].join('\n');
}

function list(rates: readonly number[]): string {
  return rates.map((rate) => rate.toFixed(0)).join(' ');
}

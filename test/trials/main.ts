// `npm run trials -- F1 --kills 150 --sends 20000 --reply 30 --engine redis --seed 1`: trials in their long form, one after
// the other, each on a ground of its own; all of them where none is named. Prints what it counted, writes it as JSON with
// the seed, and ends with 1 where a bar was missed.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onOwnGround } from './ground.ts';
import { trials } from './list.ts';
import type { Report, Trial } from './trial.ts';

const numbers = trials.flatMap(({ options }) => Object.keys(options));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'redis' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    out: { type: 'string', default: 'trials' },
    help: { type: 'boolean', default: false },
    ...Object.fromEntries(numbers.map((name) => [name, { type: 'string' as const }])),
  },
});
const engine = values.engine === 'postgres' ? 'postgres' : 'redis';

function optionsOf({ options }: Trial): Record<string, number> {
  const given = values as Readonly<Record<string, unknown>>;
  const entries = Object.entries(options).map(([name, usual]) => [name, Number(given[name] ?? usual)]);
  return { ...Object.fromEntries(entries), seed: Number(values.seed) };
}

async function runOne(trial: Trial): Promise<boolean> {
  const options = optionsOf(trial);
  process.stderr.write(`${trial.name}: ${trial.says} ${JSON.stringify(options)}\n`);
  const counted = trial.isOnGround
    ? await onOwnGround(engine, (ground) => trial.run(options, ground))
    : await trial.run(options, null);
  const isMet = trial.isMet(counted);
  const report: Report = {
    trial: trial.name,
    ...(trial.isOnGround ? { engine } : {}),
    ...options,
    isMet,
    ...counted,
  };
  const text = JSON.stringify(report, null, 2);
  await mkdir(String(values.out), { recursive: true });
  await writeFile(join(String(values.out), `${trial.name}-${values.seed}.json`), `${text}\n`);
  process.stdout.write(`${text}\n`);
  if (!isMet) process.stderr.write(`${trial.name} misses its bar\n`);
  return isMet;
}

const unknown = positionals.filter((name) => !trials.some((trial) => trial.name === name));
if (values.help || unknown.length > 0) {
  const lines = trials.map(({ name, says, options }) => `  ${name}  ${says}  ${JSON.stringify(options)}`);
  process.stderr.write(`Name trials, or none for all of them:\n${lines.join('\n')}\n`);
  process.exit(values.help ? 0 : 2);
}
let isMet = true;
for (const trial of trials)
  if (positionals.length === 0 || positionals.includes(trial.name)) isMet = (await runOne(trial)) && isMet;
process.exitCode = isMet ? 0 : 1;

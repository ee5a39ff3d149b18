// `npm run trials -- F1 --kills 150 --sends 20000 --reply 30 --engine redis --seed 1`: a trial in its long form, alone, on a
// ground of its own with production's durability. Prints what it found, and writes a JSON report with the seed.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runKills } from './f1.ts';
import { runPoints } from './f2.ts';
import { type Ground, onOwnGround } from './ground.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'redis' },
    sends: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '150' },
    reply: { type: 'string', default: '3' },
    workers: { type: 'string', default: '3' },
    lease: { type: 'string', default: '5000' },
    times: { type: 'string', default: '200' },
    leads: { type: 'string', default: '12' },
    seed: { type: 'string' },
    out: { type: 'string', default: 'trials' },
  },
});
const engine: Ground['engine'] = values.engine === 'postgres' ? 'postgres' : 'redis';
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const leaseMs = Number(values.lease);

const trials: { readonly [name: string]: (ground: Ground) => Promise<object> } = {
  F1: (ground) =>
    runKills(ground, {
      sends: Number(values.sends),
      kills: Number(values.kills),
      replyMs: Number(values.reply),
      workers: Number(values.workers),
      seed,
      leaseMs,
    }),
  F2: (ground) => runPoints(ground, { times: Number(values.times), leads: Number(values.leads), leaseMs }),
};

/** Means over a long run: what a short one in `npm test` is too small to judge. */
const bars: { readonly [name: string]: (report: Record<string, unknown>) => boolean } = {
  F1: ({ unknownPerKill }) => Number(unknownPerKill) <= (Number(values.reply) < 10 ? 1.2 : 3.4),
};

const name = positionals[0] ?? '';
const trial = trials[name];
if (!trial) {
  process.stderr.write(`Name a trial: ${Object.keys(trials).join(', ')}\n`);
  process.exit(2);
}
process.stdout.write(`${name} over ${engine}, seed ${seed}\n`);
const report = { ...(await onOwnGround(engine, trial)) };
const file = join(values.out, `${name}-${engine}-${name === 'F1' ? `${values.reply}ms-` : ''}${seed}.json`);
await mkdir(values.out, { recursive: true });
await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(report, null, 2)}\n${file}\n`);
if (bars[name]?.(report) === false) {
  process.stderr.write(`${name} misses its bar (TRIALS in the README)\n`);
  process.exitCode = 1;
}

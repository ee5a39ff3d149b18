// `npm run bench:reports [-- --changes 1000000 --only funnel,stages --json FILE]`: each report as the command that a person
// types, over so many stage changes in a ledger of its own: wall, processor and peak memory of the
// command, Postgres's own work in the wall alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { useDefinitions } from '../test/harness/definitions.ts';
import { onOwnGround } from '../test/trials/ground.ts';
import { addStageChanges } from './stage-changes.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '1000000' },
    only: { type: 'string', default: 'funnel,stages,forecast,value' },
    rounds: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});

interface Spent {
  readonly report: string;
  readonly wallMs: number;
  readonly ownMs: number;
  readonly peakMb: number;
}

const spent = await onOwnGround('postgres', async ({ db, databaseUrl }) => {
  const until = Date.now();
  await useDefinitions(db, until);
  const written = await addStageChanges(db, Number(values.changes), until);
  process.stdout.write(`${written.toLocaleString('en')} stage changes\n`);
  const all: Spent[] = [];
  for (const report of values.only.split(','))
    for (let round = 0; round < Number(values.rounds); round++) {
      const one = await measure(report, databaseUrl);
      all.push(one);
      const seconds = (ms: number) => (ms / 1000).toFixed(1);
      process.stdout.write(
        `${report.padEnd(9)} ${seconds(one.wallMs)} s, processor ${seconds(one.ownMs)} s, peak ${one.peakMb} MB\n`,
      );
    }
  return all;
});
if (values.json) await writeFile(values.json, `${JSON.stringify(spent, null, 2)}\n`);

/** The command in a process of its own, which says at its end what it used. */
async function measure(report: string, databaseUrl: string): Promise<Spent> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'report-process.js'), report], {
    env: { ...process.env, DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`report ${report} ended with ${code}`);
  const { ownMs, peakMb } = JSON.parse(Buffer.concat(said).toString());
  return { report, wallMs: performance.now() - startedAt, ownMs, peakMb };
}

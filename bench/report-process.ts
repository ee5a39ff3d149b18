// One report of the command line in a process of its own, which then says what it took: what bench/reports.ts starts.
import { main } from '../cli/main.ts';

const [, , report = 'funnel'] = process.argv;
const told: string[] = [];
const code = await main(['report', report, '--json'], {
  out: { write: (text) => told.push(text) },
  err: process.stderr,
  env: process.env,
  stop: new AbortController().signal,
});
if (!told.join('').startsWith('{')) throw new Error(`report ${report} said no JSON`);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const used = { ownMs: (userCPUTime + systemCPUTime) / 1000, peakMb: Math.round(maxRSS / 1024) };
process.stdout.write(JSON.stringify(used));
process.exitCode = code;

// `npm run bench:bounces [-- --rounds 10 FOLDER...]`: how long it takes to say what a mail that came back means, over the
// corpus or over folders of one's own. The processor's time stands beside that of the clock, which other work makes longer.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBounce } from '../mail/bounces.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '10' } },
  allowPositionals: true,
});
const folders = positionals.length > 0 ? positionals : ['test/mail/bounces'];
const mails = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(join(folder, name))),
);
const wall: number[] = [];
const cpu: number[] = [];
for (let round = 0; round < Number(values.rounds); round++)
  for (const mail of mails) {
    const from = performance.now();
    const before = process.cpuUsage();
    await readBounce(mail);
    const { user, system } = process.cpuUsage(before);
    wall.push(performance.now() - from);
    cpu.push((user + system) / 1000);
  }

const tell = (name: string, times: number[]) => {
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(1);
  return `${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms\n`;
};
process.stdout.write(`${mails.length} mails, ${values.rounds} times\n`);
process.stdout.write(tell('clock', wall) + tell('processor', cpu));

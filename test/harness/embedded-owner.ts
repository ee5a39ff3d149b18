// A process that owns an embedded ledger, for tests that kill it. Says `ready <url>` or `failed <name>: <message>` on
// its output; ends cleanly when its input does.
import { pino } from 'pino';
import { startEmbedded } from '../../db/embedded.ts';

const folder = process.argv[2] ?? '';
try {
  const embedded = await startEmbedded({ folder, log: pino({ level: 'warn' }, pino.destination(2)) });
  process.stdin.resume().once('end', () => void embedded.stop().then(() => process.exit(0)));
  process.stdout.write(`ready ${embedded.url}\n`);
} catch (error) {
  process.stdout.write(`failed ${error instanceof Error ? `${error.name}: ${error.message}` : error}\n`);
  process.exitCode = 1;
}

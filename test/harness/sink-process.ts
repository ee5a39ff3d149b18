// A sink in a process of its own, so that it outlives the workers that a trial kills, and costs a bench nothing of the
// program's own processor. `node dist/test/harness/sink-process.js --port 0 [--reply-ms 30] [--light]` prints
// {"port": n} and then answers one JSON line a command on its standard input; it ends with its input.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startSink } from './sink.ts';
import type { Rule } from './sink-rules.ts';

export type Command =
  | { readonly id: number; readonly do: 'use'; readonly rules: readonly Rule[] }
  | { readonly id: number; readonly do: 'reply'; readonly afterMs: number }
  | { readonly id: number; readonly do: 'count' }
  | { readonly id: number; readonly do: 'accepted'; readonly from: number }
  | { readonly id: number; readonly do: 'until'; readonly count: number }
  | { readonly id: number; readonly do: 'hangUp' };

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'reply-ms': { type: 'string', default: '0' },
    light: { type: 'boolean', default: false },
  },
});
const sink = await startSink({
  port: Number(values.port),
  replyMs: Number(values['reply-ms']),
  isLight: values.light,
});
say({ port: sink.port });

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void obey(JSON.parse(line)));
lines.on('close', () => process.exit(0));

async function obey(command: Command): Promise<void> {
  const { id } = command;
  if (command.do === 'use') sink.use(...command.rules);
  else if (command.do === 'reply') sink.reply(command.afterMs);
  else if (command.do === 'hangUp') sink.hangUp();
  else if (command.do === 'until') await sink.until(command.count);
  say({
    id,
    count: sink.accepted.length,
    connections: sink.connections(),
    accepted: command.do === 'accepted' ? sink.accepted.slice(command.from) : [],
  });
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

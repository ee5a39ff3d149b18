#!/usr/bin/env node
// The command line: a record of commands, and a function from argv and streams to an exit code.
// 0 fine, 1 problems found, 2 usage, 3 fault. Nothing else in the project ends the process.
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Command as Commander, CommanderError } from 'commander';
import { apply } from './apply.ts';
import { patienceMs } from './closings.ts';
import type { Command } from './command.ts';
import { config } from './config-command.ts';
import { demo } from './demo.ts';
import { explain } from './explain.ts';
import { key } from './key.ts';
import { lint } from './lint.ts';
import { migrate } from './migrate.ts';
import { serve } from './serve.ts';
import { simulate } from './simulate.ts';
import type { ExitCode, Streams } from './streams.ts';
import { unknown } from './unknown.ts';
import { up } from './up.ts';
import { work } from './work.ts';

export const commands: Readonly<Record<string, Command>> = {
  up,
  work,
  serve,
  migrate,
  apply,
  lint,
  simulate,
  demo,
  key,
  unknown,
  config,
};

export async function main(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Commander('voronka')
    .description(
      'Mails, tasks and surveys that follow a sales funnel: workflows in git, Postgres as the ledger.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.out.write(text),
      writeErr: (text) => streams.err.write(text),
    });
  for (const [name, command] of Object.entries(commands))
    add(program, name, command, streams, (answer) => {
      code = answer;
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return explain(error, streams);
    return error.exitCode === 0 ? 0 : 2;
  }
}

function add(
  parent: Commander,
  name: string,
  command: Command,
  streams: Streams,
  answer: (code: ExitCode) => void,
): void {
  const own = parent.command(name).description(command.summary);
  command.options?.(own);
  own.addHelpText('after', `\nExample:\n  $ ${command.example}`);
  for (const [inner, sub] of Object.entries(command.commands ?? {})) add(own, inner, sub, streams, answer);
  const { run } = command;
  if (run) own.action(async () => answer(await run(own.opts(), own.args, streams)));
}

function isEntry(): boolean {
  const started = process.argv[1];
  return started !== undefined && pathToFileURL(realpathSync(started)).href === import.meta.url;
}

if (isEntry()) {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // The second ^C means it: whatever is cut off here recovers at the next start.
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    env: process.env,
    stop: stop.signal,
  });
  setTimeout(() => {
    process.stderr.write(`voronka: still held by ${process.getActiveResourcesInfo().join(', ')}; leaving\n`);
    process.exit(3);
  }, patienceMs).unref();
}

#!/usr/bin/env node
// The command line: a record of commands, and a function from argv and streams to an exit code.
// 0 fine, 1 problems found, 2 usage, 3 fault. Nothing else in the project ends the process.
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Command as Commander, CommanderError } from 'commander';
import { patienceMs } from './closings.ts';
import type { Command } from './command.ts';
import { explain } from './explain.ts';
import type { ExitCode, Streams } from './streams.ts';

interface Entry {
  /** As the command itself says it; here too, so that the list of commands loads none of them. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** Loaded when they are called: mjml, pg and bullmq take a second that `lint` and `--help` need not wait. */
export const commands: Readonly<Record<string, Entry>> = {
  up: {
    summary: 'migrate, apply, work and serve, all in one process',
    load: async () => (await import('./up.ts')).up,
  },
  work: {
    summary: 'do what is due: advance contacts, deliver mail, sweep',
    load: async () => (await import('./work.ts')).work,
  },
  serve: {
    summary: 'answer the API and show the pages',
    load: async () => (await import('./serve.ts')).serve,
  },
  migrate: {
    summary: 'bring the ledger up to this version of the program',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  plan: {
    summary: 'say what applying the folders would do, in steps and in people',
    load: async () => (await import('./plan.ts')).plan,
  },
  apply: {
    summary: 'put the workflows and templates of the folders into the ledger',
    load: async () => (await import('./apply.ts')).apply,
  },
  lint: {
    summary: 'check workflows and templates, and say everything that is wrong',
    load: async () => (await import('./lint.ts')).lint,
  },
  test: {
    summary: 'run the stories of the workflows, and say which of them do not hold',
    load: async () => (await import('./test.ts')).test,
  },
  schema: {
    summary: 'write the JSON schema that editors complete and explain by',
    load: async () => (await import('./schema.ts')).schema,
  },
  fmt: {
    summary: 'bring workflow files into their canonical form',
    load: async () => (await import('./fmt.ts')).fmt,
  },
  graph: {
    summary: 'draw a workflow: its steps, branches and ends',
    load: async () => (await import('./graph.ts')).graph,
  },
  calendar: {
    summary: 'make files of holidays for calendars/',
    load: async () => (await import('./calendar.ts')).calendar,
  },
  simulate: {
    summary: 'walk one contact through a workflow, and tell what happens',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  why: {
    summary: 'why a contact got what it got, and why it is not in the other workflows',
    load: async () => (await import('./why.ts')).why,
  },
  backtest: {
    summary: 'replay the past through a workflow: who would have entered, and what they would have got',
    load: async () => (await import('./backtest.ts')).backtest,
  },
  task: {
    summary: 'what people have to do: list, done, cancel, snooze',
    load: async () => (await import('./task.ts')).task,
  },
  demo: {
    summary: 'play a season of a sales funnel on a fast clock, and show what came of it',
    load: async () => (await import('./demo.ts')).demo,
  },
  score: {
    summary: 'what a contact is worth and why, and whom other rules would move',
    load: async () => (await import('./score.ts')).score,
  },
  report: {
    summary: 'the figures of the funnel: conversion, time in stage, forecast, value, costs, NPS, workflows',
    load: async () => (await import('./report.ts')).report,
  },
  import: {
    summary: 'bring the history of another system into the ledger: deals, contacts, events',
    load: async () => (await import('./import.ts')).importHistory,
  },
  key: {
    summary: 'make, list and revoke the keys of the API',
    load: async () => (await import('./key.ts')).key,
  },
  dkim: {
    summary: 'make the key that signs mail',
    load: async () => (await import('./dkim.ts')).dkim,
  },
  preview: {
    summary: 'write a mail as somebody would get it: HTML, text, source and pictures',
    load: async () => (await import('./preview.ts')).preview,
  },
  doctor: {
    summary: 'look at a sending domain as a large provider would, and say what to publish',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  contact: {
    summary: 'erase a contact',
    load: async () => (await import('./contact.ts')).contact,
  },
  consent: {
    summary: 'what a contact said yes and no to, with its proof',
    load: async () => (await import('./consent.ts')).consent,
  },
  bounces: {
    summary: 'mails that came back, and what they mean',
    load: async () => (await import('./bounces.ts')).bounces,
  },
  breaker: {
    summary: 'what complaints and bounces have paused',
    load: async () => (await import('./breaker.ts')).breaker,
  },
  unknown: {
    summary: 'mails of which nobody can say whether they left',
    load: async () => (await import('./unknown.ts')).unknown,
  },
  config: {
    summary: 'show every setting, its value and its default',
    load: async () => (await import('./config-command.ts')).config,
  },
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
  const called = argv.find((word) => !word.startsWith('-')) ?? '';
  const wanted = called === 'help' ? argv[argv.indexOf(called) + 1] : called;
  try {
    for (const [name, { summary, load }] of Object.entries(commands))
      if (name !== wanted) program.command(name).description(summary);
      else
        add(program, name, await load(), streams, (answer) => {
          code = answer;
        });
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

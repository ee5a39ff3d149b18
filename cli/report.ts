// `voronka report funnel|stages|forecast|value|nps|workflows`: the figures that a funnel is managed by, in the terminal, for
// programs, for spreadsheets, and as a page. Nothing is written to the ledger.
import { writeFileSync } from 'node:fs';
import { steps } from '../steps/index.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { type Command, defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { reportForecast } from './report/forecast.ts';
import { reportFunnel } from './report/funnel.ts';
import { type Ground, layGround, type ReportOptions } from './report/ground.ts';
import { nps } from './report/nps.ts';
import { toPage } from './report/page.ts';
import { toJson, toTables, toText } from './report/print.ts';
import type { Report } from './report/report.ts';
import { reportStages } from './report/stages.ts';
import { reportValue } from './report/value.ts';
import { reportWorkflows } from './report/workflows.ts';
import { complaint } from './streams.ts';

interface Options extends ReportOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
}

const reporting = (
  summary: string,
  example: string,
  make: (ground: Ground) => Promise<Report>,
  canCut = false,
): Command =>
  defineCommand<Options>({
    summary,
    example: `voronka report ${example}`,
    options: (command) => {
      command
        .option(
          '--period <period>',
          'what began in it: 2026, 2026-Q1, 2026-03, 2026-03-09, 90d or all',
          'all',
        )
        .option('--at <day>', 'as it stood at the end of that day, month or year; without it, now')
        .option('--pipeline <name>', 'where there are several')
        .option('--currency <code>', 'where deals are priced in several')
        .option('--json', 'as JSON')
        .option('--csv', 'as CSV that a spreadsheet may open')
        .option('--html <file>', 'as one page with charts');
      return canCut
        ? command.option(
            '--by <cut>',
            'owner, month, quarter, year, or a field: deal.product, contact.source',
          )
        : command;
    },
    run: (options, _args, streams) => {
      if (options.json && options.csv) throw complaint(2, 'Either --json or --csv: one thing is written.');
      return withDeps(readConfig(streams.env), streams, async (deps) => {
        const { db, clock } = await openLedger(deps, 'report', { isGuest: true });
        const { catalogue } = await watchDefinitions(steps).program(db, []);
        const report = await make(await layGround(db, catalogue, options, await clock.now()));
        if (options.html !== undefined) {
          writeFileSync(options.html, toPage(report));
          streams.err.write(`Written to ${options.html}.\n`);
        }
        const print = options.json ? toJson : options.csv ? toTables : toText;
        if (options.html === undefined || options.json || options.csv) streams.out.write(print(report));
        return 0;
      });
    },
  });

export const report = defineCommand({
  summary: 'the figures of the funnel: conversion, time in stage, forecast, value, NPS, workflows',
  example: 'voronka report funnel --by owner --html funnel.html',
  commands: {
    funnel: reporting(
      'how many go from stage to stage, and where most is lost',
      'funnel --period 2026-Q1',
      reportFunnel,
      true,
    ),
    stages: reporting(
      'how long deals stand in each stage, the open ones counted',
      'stages --period 2026',
      reportStages,
    ),
    forecast: reporting(
      'what the open deals will bring, and how well that was known before',
      'forecast',
      reportForecast,
    ),
    value: reporting(
      'win rate and average deal by any cut, and who buys again',
      'value --by deal.product',
      reportValue,
      true,
    ),
    nps,
    workflows: reporting(
      'what came of each workflow, against those held out',
      'workflows --period 90d',
      reportWorkflows,
    ),
  },
});

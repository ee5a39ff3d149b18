// `voronka report funnel|stages|forecast|value|costs|nps|workflows|all`: the figures that a funnel is managed by, in the terminal,
// for programs, for spreadsheets, and as a page. Nothing is written to the ledger.
import { writeFileSync } from 'node:fs';
import type { Command as Commander } from 'commander';
import { surveyNames } from '../db/survey-counts.ts';
import { parseDuration } from '../engine/duration.ts';
import { suggest } from '../engine/spelling.ts';
import { steps } from '../steps/index.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { type Command, defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { makeReports } from './report/all.ts';
import { reportCosts } from './report/costs.ts';
import { reportForecast } from './report/forecast.ts';
import { reportFunnel } from './report/funnel.ts';
import { type Ground, layGround, type ReportOptions } from './report/ground.ts';
import { reportNps } from './report/nps.ts';
import { toPage } from './report/page.ts';
import { toJson, toTables, toText } from './report/print.ts';
import type { Report } from './report/report.ts';
import { reportStages } from './report/stages.ts';
import { reportValue } from './report/value.ts';
import { reportWords } from './report/words.ts';
import { reportWorkflows } from './report/workflows.ts';
import { weekly } from './report-weekly.ts';
import { complaint, type Streams } from './streams.ts';

interface Forms {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
  readonly locale?: string;
}
interface Options extends ReportOptions, Forms {}

const withForms = (command: Commander) =>
  command
    .option('--json', 'as JSON')
    .option('--csv', 'as CSV that a spreadsheet may open')
    .option('--html <file>', 'as one page with charts')
    .option('--locale <locale>', 'the language of its words: en or ru', 'en');

function checkForms({ json, csv }: Forms): void {
  if (json && csv) throw complaint(2, 'Either --json or --csv: one thing is written.');
}

function writeForms(reports: readonly Report[], { json, csv, html, locale }: Forms, streams: Streams): void {
  if (html !== undefined) {
    writeFileSync(html, toPage(reports, reportWords(locale)));
    streams.err.write(`Written to ${html}.\n`);
  }
  const { isTTY = false, columns = 80 } = streams.out;
  const tell = (all: readonly Report[]) => (isTTY ? toText(all, columns) : toText(all));
  const print = json ? toJson : csv ? toTables : tell;
  if (html === undefined || json || csv) streams.out.write(print(reports));
}

const one =
  (make: (ground: Ground) => Promise<Report>) =>
  async (ground: Ground): Promise<Report[]> => [await make(ground)];

const reporting = (
  summary: string,
  example: string,
  make: (ground: Ground) => Promise<readonly Report[]>,
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
        .option('--currency <code>', 'where deals are priced in several');
      withForms(command);
      return canCut
        ? command.option(
            '--by <cut>',
            'owner, month, quarter, year, or a field: deal.product, contact.source',
          )
        : command;
    },
    run: (options, _args, streams) => {
      checkForms(options);
      return withDeps(readConfig(streams.env), streams, async (deps) => {
        const { db, clock } = await openLedger(deps, 'report', { isGuest: true });
        const { catalogue } = await watchDefinitions(steps).program(db, []);
        const ground = await layGround(db, catalogue, options, await clock.now());
        writeForms(await make(ground), options, streams);
        return 0;
      });
    },
  });

interface NpsOptions extends Forms {
  readonly since: string;
  readonly by?: string;
}

const nps = defineCommand<NpsOptions>({
  summary: 'the Net Promoter Score of a survey, with its interval, trend and segments',
  example: 'voronka report nps --since 365d --by contact.locale',
  options: (command) =>
    withForms(
      command
        .argument('[survey]', 'a survey of surveys.yaml', 'nps')
        .option('--since <duration>', 'how far back: 90d, 26w', '365d')
        .option('--by <fact>', 'segments: contact.<field>, deal.<field>, or workflow'),
    ),
  run: (options, [survey = 'nps'], streams) => {
    const { since, by = null } = options;
    checkForms(options);
    const tell = reportWords(options.locale);
    const days = parseDuration(since)?.days ?? 0;
    if (days === 0) throw complaint(2, `--since "${since}" is no number of days: write 90d or 26w`);
    if (by !== null && !/^(workflow|(contact|deal)\.[a-z][a-z0-9_]*)$/.test(by))
      throw complaint(2, `--by "${by}" is no segment: write contact.locale, deal.pipeline, or workflow`);
    return withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'report', { isGuest: true });
      const until = (await clock.now()) + 1;
      const about = tell.about.lastDays(days);
      const found = await reportNps(db, { survey, from: until - days * 86_400_000, until, by, about, tell });
      if (found === null) {
        const hint = suggest(survey, await surveyNames(db));
        streams.err.write(
          `Nobody was asked \`${survey}\` in that time${hint === undefined ? '' : `: ${hint}`}.\n`,
        );
        return 1;
      }
      writeForms([found], options, streams);
      return 0;
    });
  },
});

export const report = defineCommand({
  summary: 'the figures of the funnel: conversion, time in stage, forecast, value, costs, NPS, workflows',
  example: 'voronka report funnel --by owner --html funnel.html',
  commands: {
    funnel: reporting(
      'how many go from stage to stage, and where most is lost',
      'funnel --period 2026-Q1',
      one(reportFunnel),
      true,
    ),
    stages: reporting(
      'how long deals stand in each stage, the open ones counted',
      'stages --period 2026',
      one(reportStages),
    ),
    forecast: reporting(
      'what the open deals will bring, and how well that was known before',
      'forecast',
      one(reportForecast),
    ),
    value: reporting(
      'win rate and average deal by any cut, and who buys again',
      'value --by deal.product',
      one(reportValue),
      true,
    ),
    costs: reporting(
      'what a lead, a qualified one and a won deal cost, by source and by month',
      'costs --period 2026',
      one(reportCosts),
    ),
    nps,
    workflows: reporting(
      'what came of each workflow, against those held out',
      'workflows --period 90d',
      one(reportWorkflows),
    ),
    weekly,
    all: reporting('every report, one under the other', 'all --html report.html', makeReports),
  },
});

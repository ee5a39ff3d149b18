// Every report there is, in the order in which a funnel is looked at: what `report all` and the weekly mail are made of.
import { surveyNames } from '../../db/survey-counts.ts';
import { type ReportName, reportNames } from '../../engine/report-names.ts';
import { hasCosts, reportCosts } from './costs.ts';
import { reportForecast } from './forecast.ts';
import { reportFunnel } from './funnel.ts';
import type { Ground } from './ground.ts';
import { reportNps } from './nps.ts';
import type { Report } from './report.ts';
import { reportStages } from './stages.ts';
import { reportValue } from './value.ts';
import { reportWorkflows } from './workflows.ts';

type Make = (ground: Ground) => Promise<readonly Report[]>;
const one =
  (make: (ground: Ground) => Promise<Report>): Make =>
  async (ground) => [await make(ground)];

/** A report of its own for every survey that was asked. */
async function reportSurveys({ db, from, until, at, period, tell }: Ground): Promise<Report[]> {
  const surveys = await surveyNames(db);
  const reports = surveys.map((survey) =>
    reportNps(db, { survey, from, until: Math.min(until, at + 1), by: null, about: period, tell }),
  );
  return (await Promise.all(reports)).filter((found) => found !== null);
}

const reports = {
  funnel: one(reportFunnel),
  stages: one(reportStages),
  forecast: one(reportForecast),
  value: one(reportValue),
  /** None where none are given, and none of parts of months. */
  costs: async (ground) => (hasCosts(ground) ? [await reportCosts(ground)] : []),
  nps: reportSurveys,
  workflows: one(reportWorkflows),
} satisfies Record<ReportName, Make>;

export async function makeReports(
  ground: Ground,
  names: readonly ReportName[] = reportNames,
): Promise<readonly Report[]> {
  const made: Report[] = [];
  // One after the other: each reads the whole ledger, and none needs another's connection.
  for (const name of names) made.push(...(await reports[name](ground)));
  return made;
}

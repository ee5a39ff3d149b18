// `voronka report nps`: the Net Promoter Score with its interval, the share that answered, whether it moves, and by
// segment. Where too few have answered it says how many are needed, and states no score.
import Table from 'cli-table3';
import { type Nps, npsOf } from '../../analysis/nps.ts';
import { addAnswers, npsBySegment } from '../../analysis/nps-segments.ts';
import { type Trend, trendOf } from '../../analysis/nps-trend.ts';
import { type Estimate, shareOf } from '../../analysis/stats.ts';
import { countSurveys, type SurveyCounts, surveyNames } from '../../db/survey-counts.ts';
import { parseDuration } from '../../engine/duration.ts';
import { suggest } from '../../engine/spelling.ts';
import { defineCommand } from '../command.ts';
import { readConfig } from '../config.ts';
import { withDeps } from '../deps.ts';
import { openLedger } from '../ledger.ts';
import { complaint } from '../streams.ts';
import { plainTable } from '../tables.ts';

interface Options {
  readonly since: string;
  readonly by?: string;
  readonly json?: boolean;
}

export const nps = defineCommand<Options>({
  summary: 'the Net Promoter Score of a survey, with its interval, trend and segments',
  example: 'voronka report nps --since 365d --by contact.locale',
  options: (command) =>
    command
      .argument('[survey]', 'a survey of surveys.yaml', 'nps')
      .option('--since <duration>', 'how far back: 90d, 26w', '365d')
      .option('--by <fact>', 'segments: contact.<field>, deal.<field>, or workflow')
      .option('--json', 'as JSON'),
  run: ({ since, by, json }, [survey = 'nps'], streams) => {
    const days = parseDuration(since)?.days ?? 0;
    if (days === 0) throw complaint(2, `--since "${since}" is no number of days: write 90d or 26w`);
    if (by !== undefined && !/^(workflow|(contact|deal)\.[a-z][a-z0-9_]*)$/.test(by))
      throw complaint(2, `--by "${by}" is no segment: write contact.locale, deal.pipeline, or workflow`);
    return withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'report', { isGuest: true });
      const from = (await clock.now()) - days * 86_400_000;
      const rows = await countSurveys(db, { survey, since: from, by: by ?? null });
      if (rows.length === 0) {
        const hint = suggest(survey, await surveyNames(db));
        streams.err.write(
          `Nobody was asked \`${survey}\` in that time${hint === undefined ? '' : `: ${hint}`}.\n`,
        );
        return 1;
      }
      const report = reportOf(rows, by !== undefined);
      streams.out.write(json ? `${JSON.stringify({ survey, ...report }, null, 2)}\n` : print(survey, report));
      return 0;
    });
  },
});

type Report = ReturnType<typeof reportOf>;

export function reportOf(rows: readonly SurveyCounts[], hasSegments: boolean) {
  const answers = addAnswers(rows);
  const score = npsOf(answers);
  const sent = rows.reduce((sum, row) => sum + row.sent, 0);
  const first = rows[0]?.month ?? 0;
  const months = [...new Set(rows.map(({ month }) => month))];
  const trend = trendOf(
    months.map((month) => ({
      at: month - first,
      answers: addAnswers(rows.filter((row) => row.month === month)),
    })),
  );
  const names = [...new Set(rows.map(({ segment }) => segment))];
  const segments = names.map((name) => {
    const own = rows.filter(({ segment }) => segment === name);
    const sentTo = own.reduce((sum, row) => sum + row.sent, 0);
    return { segment: name ?? '(not known)', sent: sentTo, answers: addAnswers(own) };
  });
  return {
    sent,
    answered: score.n,
    response: shareOf(score.n, sent),
    nps: score,
    trend,
    segments: hasSegments ? npsBySegment(segments) : [],
  };
}

function print(survey: string, { sent, answered, nps: score, trend, segments }: Report): string {
  const share = sent === 0 ? 0 : Math.round((100 * answered) / sent);
  const lines = [
    `${survey}: ${tellNps(score)}`,
    `${score.promoters} promoters, ${score.passives} passives, ${score.detractors} detractors`,
    `${answered} of ${sent} who were asked have answered (${share}%)`,
    tellTrend(trend),
  ];
  if (segments.length === 0) return `${lines.join('\n')}\n`;
  const table = new Table({ ...plainTable, head: ['segment', 'answers', 'score', 'against the rest'] });
  for (const { segment, nps: own, againstRest } of segments)
    table.push([segment, own.n, tellNps(own), againstRest === null ? '-' : tellEstimate(againstRest)]);
  return `${lines.join('\n')}\n\n${table.toString()}\n`;
}

function tellNps(score: Nps): string {
  if (score.is === 'score') return tellEstimate(score.score);
  return `no score: ${score.n} answers, and fewer than ${score.needed} say too little`;
}

function tellTrend(trend: Trend): string {
  if (trend.is === 'not enough yet')
    return `trend: not enough yet (${trend.n} answers in ${trend.periods} months; it needs ${trend.needed} in 3)`;
  return `trend: ${trend.is}, ${tellEstimate(trend.slope)} points a month (p = ${trend.p.toFixed(3)})`;
}

function tellEstimate({ value, low, high }: Estimate): string {
  const tell = (points: number) => `${points > 0 ? '+' : ''}${Math.round(points)}`;
  return `${tell(value)} (${tell(low)} to ${tell(high)})`;
}

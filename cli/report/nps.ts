// The Net Promoter Score of a survey with its interval, the answers it is made of, the share that answered, whether it
// moves from month to month, and by segment. Where too few have answered it says how many are needed, and states no score.
import { sharesOf } from '../../analysis/chart-nps.ts';
import { type Nps, npsOf } from '../../analysis/nps.ts';
import { addAnswers, npsBySegment } from '../../analysis/nps-segments.ts';
import { type Trend, trendOf } from '../../analysis/nps-trend.ts';
import { type Estimate, shareOf } from '../../analysis/stats.ts';
import type { Db } from '../../db/connect.ts';
import { countSurveys, type SurveyCounts } from '../../db/survey-counts.ts';
import {
  number,
  percent,
  type Report,
  type ReportCell,
  type Section,
  say,
  shareCells,
  unknown,
  words,
} from './report.ts';

export interface NpsOptions {
  readonly survey: string;
  /** Who was asked in [from, until). */
  readonly from: number;
  readonly until: number;
  /** A fact to cut by; null: no segments. */
  readonly by: string | null;
  readonly about: string;
}

/** null: nobody was asked. */
export async function reportNps(db: Db, options: NpsOptions): Promise<Report | null> {
  const { survey, from, until, by, about } = options;
  const rows = await countSurveys(db, { survey, since: from, until, by });
  if (rows.length === 0) return null;
  const found = reportOf(rows, by !== null);
  const sections = [scoreSection(found, survey), monthSection(found.months, survey)];
  return {
    title: 'NPS',
    about: `${survey}, ${about}`,
    sections: by === null ? sections : [...sections, segmentSection(found.segments)],
  };
}

export function reportOf(rows: readonly SurveyCounts[], hasSegments: boolean) {
  const answers = addAnswers(rows);
  const score = npsOf(answers);
  const sentOf = (of: readonly SurveyCounts[]) => of.reduce((sum, row) => sum + row.sent, 0);
  const months = [...new Set(rows.map(({ month }) => month))].map((month) => {
    const own = rows.filter((row) => row.month === month);
    return { month, sent: sentOf(own), answers: addAnswers(own) };
  });
  const names = [...new Set(rows.map(({ segment }) => segment))];
  const segments = names.map((name) => {
    const own = rows.filter(({ segment }) => segment === name);
    return { segment: name ?? '(not known)', sent: sentOf(own), answers: addAnswers(own) };
  });
  const sent = sentOf(rows);
  const first = months[0]?.month ?? 0;
  return {
    sent,
    answered: score.n,
    response: shareOf(score.n, sent),
    answers,
    nps: score,
    months,
    trend: trendOf(months.map((one) => ({ at: one.month - first, answers: one.answers }))),
    segments: hasSegments ? npsBySegment(segments) : [],
  };
}
type Found = ReturnType<typeof reportOf>;

function scoreSection({ sent, answered, response, answers, nps, trend }: Found, survey: string): Section {
  const share = response === null ? '' : ` (${percent(response.value)})`;
  const said = [
    `Score: ${tellNps(nps)}.`,
    `${say(answered)} of ${say(sent)} who were asked have answered${share}.`,
    tellTrend(trend),
  ];
  const shares = sharesOf(answers);
  const group = (name: string, part: number | undefined) =>
    part === undefined ? name : `${name} ${percent(part)}`;
  return {
    title: 'Score',
    said,
    columns: [
      'asked',
      'answered',
      'detractors',
      'passives',
      'promoters',
      'score',
      '95 %',
      ...answers.keys(),
    ].map(String),
    rows: [
      [
        number(sent),
        number(answered),
        number(nps.detractors),
        number(nps.passives),
        number(nps.promoters),
        ...npsCells(nps),
        ...answers.map(number),
      ],
    ],
    chart: {
      kind: 'nps',
      chart: {
        id: `nps-${slugOf(survey)}`,
        title: `Answers to ${survey}`,
        description: said.join(' '),
        answers,
        score: nps.is === 'score' ? nps.score : null,
        said: `NPS ${tellNps(nps)}`,
        detractors: group('Detractors', shares?.detractors),
        passives: group('Passives', shares?.passives),
        promoters: group('Promoters', shares?.promoters),
      },
    },
  };
}

function monthSection(months: Found['months'], survey: string): Section {
  const named = months.map((one) => ({ ...one, name: monthName(one.month), nps: npsOf(one.answers) }));
  const said = ['By the month in which they were asked. A month with fewer than 30 answers has no score.'];
  return {
    title: 'By month',
    said,
    columns: ['month', 'asked', 'answered', 'score', '95 %'],
    rows: named.map(({ name, sent, nps }) => [words(name), number(sent), number(nps.n), ...npsCells(nps)]),
    chart: named.every(({ nps }) => nps.is !== 'score')
      ? null
      : {
          kind: 'lines',
          chart: {
            id: `nps-months-${slugOf(survey)}`,
            title: 'Score by month',
            description: named.map(({ name, nps }) => `${name}: ${tellNps(nps)}`).join('; '),
            periods: named.map(({ name }) => name),
            lines: [
              {
                name: 'NPS',
                points: named.map(({ nps }) => (nps.is === 'score' ? nps.score : { value: null })),
              },
            ],
            format: tellPoints,
          },
        },
  };
}

function segmentSection(segments: Found['segments']): Section {
  return {
    title: 'By segment',
    said: [
      'Against the rest: points above or below all the others together, with an interval that allows for all the comparisons.',
    ],
    columns: ['segment', 'answered', 'response', '95 %', 'score', '95 %', 'against the rest', '95 %'],
    rows: segments.map(({ segment, nps, response, againstRest }) => [
      words(segment),
      number(nps.n),
      ...shareCells(response),
      ...npsCells(nps),
      ...pointCells(againstRest),
    ]),
    chart: {
      kind: 'bars',
      chart: {
        id: 'nps-segments',
        title: 'Score by segment',
        description: segments.map(({ segment, nps }) => `${segment}: ${tellNps(nps)}`).join('; '),
        bars: segments.map(({ segment, nps }) => {
          const { value = null, low = null, high = null } = nps.is === 'score' ? nps.score : {};
          return { label: segment, value, low, high, text: tellNps(nps) };
        }),
      },
    },
  };
}

const slugOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
/** From months since year 0. */
const monthName = (month: number) =>
  `${Math.floor((month - 1) / 12)}-${String(((month - 1) % 12) + 1).padStart(2, '0')}`;

const npsCells = (nps: Nps) => pointCells(nps.is === 'score' ? nps.score : null);
function pointCells(points: Estimate | null): readonly [ReportCell, ReportCell] {
  if (points === null) return [unknown('not enough yet'), unknown('-')];
  return [{ value: points.value, text: tellPoints(points.value) }, words(tellSpan(points))];
}

function tellNps(nps: Nps): string {
  if (nps.is === 'score') return `${tellPoints(nps.score.value)} (${tellSpan(nps.score)})`;
  return `not enough yet: ${say(nps.n)} answers, ${nps.needed} are needed`;
}

function tellTrend(trend: Trend): string {
  if (trend.is === 'not enough yet')
    return `Trend: not enough yet (${trend.n} answers in ${trend.periods} months; ${trend.needed} in 3 are needed).`;
  return `Trend: ${trend.is}, ${tellPoints(trend.slope.value)} points a month (${tellSpan(trend.slope)}; p = ${trend.p.toFixed(3)}).`;
}

const tellPoints = (points: number) => `${points > 0 ? '+' : ''}${say(Math.round(10 * points) / 10)}`;
const tellSpan = ({ low, high }: Estimate) => `${tellPoints(low)} to ${tellPoints(high)}`;

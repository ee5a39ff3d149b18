// The Net Promoter Score of a survey with its interval, the answers it is made of, the share that answered, whether it
// moves from month to month, and by segment. Where too few have answered it says how many are needed, and states no score.
import { sharesOf } from '../../analysis/chart-nps.ts';
import { type Nps, npsOf } from '../../analysis/nps.ts';
import { addAnswers, npsBySegment } from '../../analysis/nps-segments.ts';
import { trendOf } from '../../analysis/nps-trend.ts';
import { type Estimate, shareOf } from '../../analysis/stats.ts';
import type { Db } from '../../db/connect.ts';
import { countSurveys, type SurveyCounts } from '../../db/survey-counts.ts';
import { cellsIn, type Report, type ReportCell, type Section, unknown, words } from './report.ts';
import type { ReportWords } from './wording.ts';

export interface NpsOptions {
  readonly survey: string;
  /** Who was asked in [from, until). */
  readonly from: number;
  readonly until: number;
  /** A fact to cut by; null: no segments. */
  readonly by: string | null;
  readonly about: string;
  readonly tell: ReportWords;
}

/** null: nobody was asked. */
export async function reportNps(db: Db, options: NpsOptions): Promise<Report | null> {
  const { survey, from, until, by, about, tell } = options;
  const rows = await countSurveys(db, { survey, since: from, until, by });
  if (rows.length === 0) return null;
  const found = reportOf(rows, by !== null);
  const sections = [
    scoreSection(tell, found),
    answerSection(tell, found, survey),
    monthSection(tell, found.months, survey),
  ];
  return {
    title: tell.titles.nps,
    about: `${survey}, ${about}`,
    sections: by === null ? sections : [...sections, segmentSection(tell, found.segments)],
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
    return { segment: name, sent: sentOf(own), answers: addAnswers(own) };
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
    segments: hasSegments
      ? npsBySegment(segments.map((one) => ({ ...one, segment: one.segment ?? unknownSegment })))
      : [],
  };
}
/** As `reportOf` names those of whom the fact is not known. */
const unknownSegment = '(not known)';
type Found = ReturnType<typeof reportOf>;

function scoreSection(tell: ReportWords, found: Found): Section {
  const { sent, answered, response, nps, trend } = found;
  const { number } = cellsIn(tell);
  const said = [
    tell.nps.score(tellNps(tell, nps)),
    tell.nps.answered(answered, sent, response?.value ?? null),
    tell.nps.trend(trend),
  ];
  const row = [
    number(sent),
    number(answered),
    number(nps.detractors),
    number(nps.passives),
    number(nps.promoters),
    ...npsCells(tell, nps),
  ];
  return { title: tell.nps.title, said, columns: tell.nps.columns, rows: [row], chart: null };
}

function answerSection(tell: ReportWords, { answered, answers, nps }: Found, survey: string): Section {
  const { number, shareCells } = cellsIn(tell);
  const { groups } = tell.nps;
  const { title, columns } = tell.nps.answers;
  const shares = sharesOf(answers);
  const group = (of: keyof typeof groups) =>
    shares === null ? groups[of] : `${groups[of]} ${tell.percent(shares[of])}`;
  const told = `NPS ${tellNps(tell, nps)}`;
  return {
    title,
    said: [],
    columns,
    rows: answers.map((count, answer) => [
      words(String(answer)),
      number(count),
      ...shareCells(shareOf(count, answered)),
    ]),
    chart: {
      kind: 'nps',
      chart: {
        id: `nps-${slugOf(survey)}`,
        title: tell.nps.chart(survey),
        description: `${told}; ${answers.map((count, answer) => `${answer}: ${tell.say(count)}`).join(', ')}`,
        answers,
        score: nps.is === 'score' ? nps.score : null,
        said: told,
        detractors: group('detractors'),
        passives: group('passives'),
        promoters: group('promoters'),
      },
    },
  };
}

function monthSection(tell: ReportWords, months: Found['months'], survey: string): Section {
  const { number } = cellsIn(tell);
  const { title, lead, columns, chart } = tell.nps.months;
  const named = months.map((one) => ({ ...one, name: tell.month(one.month), nps: npsOf(one.answers) }));
  const points = named.map(({ nps }) => (nps.is === 'score' ? nps.score : { value: null }));
  return {
    title,
    said: [lead],
    columns,
    rows: named.map(({ name, sent, nps }) => [
      words(name),
      number(sent),
      number(nps.n),
      ...npsCells(tell, nps),
    ]),
    chart: named.every(({ nps }) => nps.is !== 'score')
      ? null
      : {
          kind: 'lines',
          chart: {
            id: `nps-months-${slugOf(survey)}`,
            title: chart,
            description: named.map(({ name, nps }) => `${name}: ${tellNps(tell, nps)}`).join('; '),
            periods: named.map(({ name }) => name),
            lines: [{ name: 'NPS', points }],
            format: tell.points,
          },
        },
  };
}

function segmentSection(tell: ReportWords, segments: Found['segments']): Section {
  const { number, shareCells } = cellsIn(tell);
  const { title, lead, columns, chart } = tell.nps.segments;
  const nameOf = (segment: string) => (segment === unknownSegment ? tell.notKnown : segment);
  return {
    title,
    said: [lead],
    columns,
    rows: segments.map(({ segment, nps, response, againstRest }) => [
      words(nameOf(segment)),
      number(nps.n),
      ...shareCells(response),
      ...npsCells(tell, nps),
      ...pointCells(tell, againstRest),
    ]),
    chart: {
      kind: 'bars',
      chart: {
        id: 'nps-segments',
        title: chart,
        description: segments
          .map(({ segment, nps }) => `${nameOf(segment)}: ${tellNps(tell, nps)}`)
          .join('; '),
        bars: segments.map(({ segment, nps }) => {
          const { value = null, low = null, high = null } = nps.is === 'score' ? nps.score : {};
          return { label: nameOf(segment), value, low, high, text: tellNps(tell, nps) };
        }),
      },
    },
  };
}

const slugOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const npsCells = (tell: ReportWords, nps: Nps) => pointCells(tell, nps.is === 'score' ? nps.score : null);
function pointCells({ points, span, notEnough }: ReportWords, of: Estimate | null): ReportCell[] {
  if (of === null) return [unknown(notEnough), unknown('-')];
  return [{ value: of.value, text: points(of.value) }, words(span(of, points))];
}

function tellNps({ points, span, nps: say }: ReportWords, nps: Nps): string {
  if (nps.is === 'score') return `${points(nps.score.value)} (${span(nps.score, points)})`;
  return say.few(nps.n, nps.needed);
}

// NPS by segment: each segment's score or refusal, its response rate, and whether it differs from all the others.
// The comparison is corrected for the number of segments, so that one of twenty is not named by chance.
import { type Answers, FEWEST_ANSWERS, type Nps, npsOf } from './nps.ts';
import { difference, type Estimate, type Share, shareOf } from './stats.ts';

export interface SurveyCount {
  readonly segment: string;
  /** Surveys that reached someone; those who answered are the sum of `answers`. */
  readonly sent: number;
  readonly answers: Answers;
}
export interface SegmentNps {
  readonly segment: string;
  readonly nps: Nps;
  readonly response: Share | null;
  /** Points above (or below) all other segments together, at the corrected level; null where either side is too few. */
  readonly againstRest: Estimate | null;
}

/** In the order given. The interval of `againstRest` is at 1 - (1 - level) / segments (Bonferroni). */
export function npsBySegment(
  rows: readonly SurveyCount[],
  { level = 0.95, fewest = FEWEST_ANSWERS } = {},
): SegmentNps[] {
  const strict = { level: 1 - (1 - level) / Math.max(1, rows.length), fewest };
  const all = addAnswers(rows);
  return rows.map(({ segment, sent, answers }) => {
    const nps = npsOf(answers, { level, fewest });
    const own = npsOf(answers, strict);
    const rest = npsOf(
      all.map((count, score) => count - (answers[score] ?? 0)),
      strict,
    );
    const againstRest = own.is === 'score' && rest.is === 'score' ? difference(own.score, rest.score) : null;
    return { segment, nps, response: shareOf(Math.min(nps.n, sent), sent, level), againstRest };
  });
}

/** The counts of all rows together. */
export function addAnswers(rows: readonly { readonly answers: Answers }[]): number[] {
  return Array.from({ length: 11 }, (_, score) =>
    rows.reduce((sum, { answers }) => sum + (answers[score] ?? 0), 0),
  );
}

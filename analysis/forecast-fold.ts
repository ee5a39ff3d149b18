// Past deals as snapshots: at each mark (one month apart, the last is now) which deals stood open, in which stage and
// for how long, and in which month after it they were won. Folded one deal at a time, or in counts; memory grows with
// stages x marks.
// Amounts are those known today: the ledger keeps no history of them.

export interface DealLife {
  /** 0 where not known: it then adds nothing to a forecast of value. */
  readonly amount: number;
  /** The stages it entered, in order of time. */
  readonly stages: readonly { readonly stage: string; readonly at: number }[];
  readonly closedAt: number | null;
  readonly isWon: boolean;
}

/** Deals of one cell at one mark: their number, and sums of amount, its square and its cube. */
export type Sums = readonly [n: number, first: number, second: number, third: number];

export interface ForecastFold {
  /** Ascending, evenly a month apart; the last is now. */
  readonly marks: readonly number[];
  /** How many months ahead. */
  readonly horizon: number;
  /** Stages x bands of time in stage. */
  readonly cells: number;
  readonly places: ReadonlyMap<string, number>;
  readonly open: Float64Array;
  readonly won: Float64Array;
}

/** Where bands of time in stage end, in months: a deal that has stood long is a different deal, and may never close. */
export const BAND_ENDS: readonly number[] = [1, 2, 3, 4, 6];
export const BANDS = BAND_ENDS.length + 1;
const WIDTH = 4;

export function openForecast(
  stages: readonly string[],
  marks: readonly number[],
  horizon: number,
): ForecastFold {
  if (marks.some((mark, i) => i > 0 && mark <= (marks[i - 1] ?? 0)))
    throw new RangeError('marks ascend: each a month after the one before, the last is now');
  if (!Number.isInteger(horizon) || horizon < 1)
    throw new RangeError(`a horizon is one or more whole months, not ${horizon}`);
  const places = new Map(stages.map((stage, place) => [stage, place]));
  // One place more, for stages that the pipeline no longer has.
  const cells = (stages.length + 1) * BANDS;
  const open = new Float64Array(cells * marks.length * WIDTH);
  const won = new Float64Array(cells * marks.length * horizon * WIDTH);
  return { marks, horizon, cells, places, open, won };
}

/** `worth`: where its amount is told otherwise than by the deal itself. */
export function addDealLife(
  fold: ForecastFold,
  deal: DealLife,
  worth: Pick<OpenCount, 'sums' | 'seemed'> = { sums: [1, deal.amount, deal.amount ** 2, deal.amount ** 3] },
): void {
  const { marks } = fold;
  const begun = deal.stages[0]?.at;
  if (begun === undefined) return;
  const end = deal.closedAt ?? Number.POSITIVE_INFINITY;
  const wonMark = deal.isWon ? marks.findIndex((mark) => end <= mark) : -1;
  let entered = 0;
  for (let mark = 0; mark < marks.length; mark++) {
    const at = marks[mark] ?? 0;
    if (at < begun) continue;
    if (at >= end) break;
    while ((deal.stages[entered + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) entered += 1;
    const { stage, at: since } = deal.stages[entered] ?? { stage: '', at: 0 };
    const band = BAND_ENDS.filter((back) => since <= (marks[mark - back] ?? Number.NEGATIVE_INFINITY)).length;
    addOpen(fold, { mark, stage, band, months: wonMark < 0 ? null : wonMark - mark, ...worth });
  }
}

/** Open deals that stood alike at a mark. */
export interface OpenCount {
  /** Its place in `marks`. */
  readonly mark: number;
  readonly stage: string;
  /** How many of the ends of bands they have passed. */
  readonly band: number;
  /** The month after the mark in which they were won, 1 and on; null: not yet. */
  readonly months: number | null;
  readonly sums: Sums;
  /** What they seemed worth while they stood open, where that was another thing; else `sums`. */
  readonly seemed?: Sums;
}

export function addOpen(fold: ForecastFold, opened: OpenCount): void {
  const { mark, stage, band, months, sums, seemed = sums } = opened;
  const { marks, horizon, places } = fold;
  const at = ((places.get(stage) ?? places.size) * BANDS + band) * marks.length + mark;
  addSums(fold.open, at, seemed);
  if (months !== null && months <= horizon) addSums(fold.won, at * horizon + months - 1, sums);
}

export function openSums(fold: ForecastFold, cell: number, mark: number): Sums {
  return sumsAt(fold.open, cell * fold.marks.length + mark);
}

/** Of those, the ones won in month `month` (1, 2, ...) after the mark. */
export function wonSums(fold: ForecastFold, cell: number, mark: number, month: number): Sums {
  return sumsAt(fold.won, (cell * fold.marks.length + mark) * fold.horizon + month - 1);
}

function addSums(to: Float64Array, index: number, sums: Sums): void {
  sums.forEach((sum, k) => {
    to[index * WIDTH + k] = (to[index * WIDTH + k] ?? 0) + sum;
  });
}

function sumsAt(of: Float64Array, index: number): Sums {
  const [n = 0, first = 0, second = 0, third = 0] = of.subarray(index * WIDTH, (index + 1) * WIDTH);
  return [n, first, second, third];
}

// Conversion from stage to stage, folded over deals, or over ways with the number of deals that went them: memory grows
// with groups and stages, never with deals.
// A group is whatever the caller cuts by: cohort, period, source, owner, segment. What a skipped stage or a move back
// counts for is declared in the rules; a stage that the pipeline does not know is counted, not guessed.

/** The part of a pipeline that a funnel needs: its stages in order, which of them win, and which lose. */
export interface FunnelShape {
  readonly stages: readonly string[];
  readonly won: readonly string[];
  readonly lost: readonly string[];
}
export interface FunnelRules {
  /** A stage that was jumped over counts as passed, or as never entered. */
  readonly skipped: 'passed' | 'not entered';
  /** After a move back a deal counts as far as it ever came, or only as far as its last move left it. */
  readonly backward: 'furthest' | 'latest';
}
/**
 * One deal: the stages it was moved to, in order of time, and its amount where known: as it was hoped for while open. A
 * closing value that is 0 for whatever was lost would hide every loss.
 */
export interface Journey {
  readonly group: string;
  readonly amount: number | null;
  readonly stages: readonly string[];
}

/** Deals that were moved to the same stages; the sums of amount, its square and its cube are of those with an amount. */
export interface Way {
  readonly group: string;
  readonly stages: readonly string[];
  readonly deals: number;
  readonly priced: number;
  readonly sums: readonly [number, number, number];
}

/** Counts of one group; the arrays run along `FunnelFold.order`. */
export interface Tally {
  deals: number;
  won: number;
  lost: number;
  /** Value of the won. */
  wonValue: number;
  /** Deals whose amount is not known: they count, and weigh nothing. */
  unpriced: number;
  /** Deals that never stood on a stage of this pipeline: counted here and nowhere else. */
  unplaced: number;
  /** Won, and lost, deals with an amount. */
  wonPriced: number;
  lostPriced: number;
  /** Deals that were ever moved to each stage: those that were only taken as passed are not among them. */
  readonly stood: Float64Array;
  readonly entered: Float64Array;
  readonly advanced: Float64Array;
  readonly lostAt: Float64Array;
  /** Sums of amount, amount squared and cubed of the deals lost at each stage: the interval of the loss needs all three. */
  readonly lostSums: readonly [Float64Array, Float64Array, Float64Array];
}
export interface FunnelFold {
  /** Stages in order without the losing ones; winning stages that the order does not name share a last place. */
  readonly order: readonly string[];
  /** The first place that counts as won. */
  readonly wonAt: number;
  readonly rules: FunnelRules;
  readonly groups: Map<string, Tally>;
  readonly places: ReadonlyMap<string, number>;
  readonly losing: ReadonlySet<string>;
}

/** As a pipeline declares them; what is not said is the usual. */
type AskedRules = { readonly [rule in keyof FunnelRules]?: FunnelRules[rule] | undefined };

export function openFunnel(
  shape: FunnelShape,
  { skipped = 'passed', backward = 'furthest' }: AskedRules = {},
): FunnelFold {
  const losing = new Set(shape.lost);
  const order = shape.stages.filter((stage) => !losing.has(stage));
  const places = new Map(order.map((stage, place) => [stage, place]));
  const beyond = shape.won.filter((stage) => !places.has(stage));
  if (beyond[0] !== undefined) order.push(beyond[0]);
  for (const stage of beyond) places.set(stage, order.length - 1);
  const wonAt = Math.min(order.length, ...shape.won.map((stage) => places.get(stage) ?? order.length));
  if (order.length === 0) throw new RangeError('a funnel needs at least one stage that does not lose');
  return { order, wonAt, rules: { skipped, backward }, groups: new Map(), places, losing };
}

export function addJourney(fold: FunnelFold, { group, stages, amount }: Journey): void {
  const known = amount ?? 0;
  const sums = [known, known ** 2, known ** 3] as const;
  addWay(fold, { group, stages, deals: 1, priced: amount === null ? 0 : 1, sums });
}

export function addWay(fold: FunnelFold, { group, stages, deals, priced, sums }: Way): void {
  const tally = tallyOf(fold, group);
  const { reached, isLost, visited } = walk(fold, stages);
  if (reached < 0) {
    tally.unplaced += deals;
    return;
  }
  tally.deals += deals;
  tally.unpriced += deals - priced;
  for (const place of visited) add(tally.stood, place, deals);
  for (let place = 0; place <= reached; place++) {
    if (fold.rules.skipped === 'not entered' && !visited.has(place)) continue;
    add(tally.entered, place, deals);
    if (place < reached) add(tally.advanced, place, deals);
  }
  if (reached >= fold.wonAt) {
    tally.won += deals;
    tally.wonPriced += priced;
    tally.wonValue += sums[0];
  } else if (isLost) {
    tally.lost += deals;
    tally.lostPriced += priced;
  }
  if (isLost) {
    add(tally.lostAt, reached, deals);
    tally.lostSums.forEach((all, k) => {
      add(all, reached, sums[k] ?? 0);
    });
  }
}

export function foldJourneys(fold: FunnelFold, journeys: Iterable<Journey>): FunnelFold {
  for (const journey of journeys) addJourney(fold, journey);
  return fold;
}

function walk(fold: FunnelFold, stages: readonly string[]) {
  const visited = new Set<number>();
  let reached = -1;
  let isLost = false;
  for (const stage of stages) {
    isLost = fold.losing.has(stage);
    const place = fold.places.get(stage);
    if (place === undefined) continue;
    visited.add(place);
    reached = fold.rules.backward === 'latest' ? place : Math.max(reached, place);
  }
  // Lost without ever standing anywhere: lost at the door.
  if (reached < 0 && isLost) {
    visited.add(0);
    reached = 0;
  }
  return { reached, isLost, visited };
}

function tallyOf(fold: FunnelFold, group: string): Tally {
  const known = fold.groups.get(group);
  if (known) return known;
  const zeros = () => new Float64Array(fold.order.length);
  const tally: Tally = {
    deals: 0,
    won: 0,
    lost: 0,
    wonValue: 0,
    unpriced: 0,
    unplaced: 0,
    wonPriced: 0,
    lostPriced: 0,
    stood: zeros(),
    entered: zeros(),
    advanced: zeros(),
    lostAt: zeros(),
    lostSums: [zeros(), zeros(), zeros()],
  };
  fold.groups.set(group, tally);
  return tally;
}

function add(to: Float64Array, at: number, by: number): void {
  to[at] = (to[at] ?? 0) + by;
}

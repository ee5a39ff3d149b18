// How long things last when some are not over yet: Kaplan and Meier (1958). Leaving the open ones out makes every
// stage look faster than it is, because the slow ones are the ones still open. Durations in ms.
import { criticalZ } from './normal.ts';
import type { Estimate } from './stats.ts';

/** `ended` false: still going on after `ms`. */
export interface Spell {
  readonly ms: number;
  readonly ended: boolean;
}
/** So many spells of one length: those that ended then, and those that are open and have lasted so long. */
export interface SpellCount {
  readonly ms: number;
  readonly ended: number;
  readonly open: number;
}
/** The curve just after one instant at which something ended. */
export interface CurvePoint {
  readonly ms: number;
  /** Share still going on, with its log-log interval; where all have ended, Wilson's for none of so many. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly atRisk: number;
  readonly ended: number;
}
export interface Survival {
  readonly n: number;
  readonly ended: number;
  readonly open: number;
  /** The longest spell: of what comes later nothing is known, unless all have ended. */
  readonly longestMs: number;
  readonly curve: readonly CurvePoint[];
}
/** Null: the curve (or its bound) does not come down that far yet. */
export interface Quantile {
  readonly ms: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export function survivalOf(spells: Iterable<Spell>, level = 0.95): Survival {
  return survivalOfCounts(countSpells(spells), level);
}

/** By length, ascending. */
export function survivalOfCounts(counts: readonly SpellCount[], level = 0.95): Survival {
  const [ended, open] = counts.reduce(([a, b], one) => [a + one.ended, b + one.open], [0, 0]);
  const z = criticalZ(level);
  const curve: CurvePoint[] = [];
  let [share, greenwood, atRisk] = [1, 0, ended + open];
  for (const one of counts) {
    // Who is still open at the very instant of an ending counts as at risk.
    if (one.ended > 0) {
      const left = atRisk - one.ended;
      share = left === 0 ? 0 : (share * left) / atRisk;
      greenwood += one.ended / (atRisk * left);
      // Those still at risk, and those they stand for: without open ones, all of them.
      const stoodFor = share > 0 ? null : Math.round(atRisk / (curve.at(-1)?.share ?? 1));
      const bounds = stoodFor === null ? logLog(share, greenwood, z) : noneOf(stoodFor, z);
      curve.push({ ms: one.ms, share, ...bounds, atRisk, ended: one.ended });
    }
    atRisk -= one.ended + one.open;
  }
  const longestMs = Math.max(0, counts.at(-1)?.ms ?? 0);
  return { n: ended + open, ended, open, longestMs, curve };
}

/**
 * The time by which a share `p` has ended: the median for 0.5. The interval is that of Brookmeyer and Crowley (1982)
 * on the log-log scale. Where the curve lies level on 1 - p the middle of the level is taken, as for an even sample.
 */
export function quantileOf({ curve }: Survival, p = 0.5): Quantile {
  const left = 1 - p;
  const first = (isPast: (point: CurvePoint) => boolean) => curve.find(isPast)?.ms ?? null;
  const at = curve.findIndex(({ share }) => share <= left + 1e-12);
  const [here, after] = [curve[at], curve[at + 1]];
  const isLevel = here && after && Math.abs(here.share - left) < 1e-12;
  return {
    ms: here ? (isLevel ? (here.ms + after.ms) / 2 : here.ms) : null,
    low: first(({ low }) => low <= left),
    high: first(({ share, high }) => share > 0 && high < left),
  };
}

/** The share still going on after `ms`, with its interval; null where nobody was seen for so long. */
export function shareAfter({ curve, longestMs }: Survival, ms: number): Estimate | null {
  if (ms > longestMs && curve.at(-1)?.share !== 0) return null;
  let point: CurvePoint | undefined;
  for (const next of curve) {
    if (next.ms > ms) break;
    point = next;
  }
  return point ? { value: point.share, low: point.low, high: point.high } : { value: 1, low: 1, high: 1 };
}

/** Wilson's interval of 0 of n; the log-log one is not defined there. */
const noneOf = (n: number, z: number) => ({ low: 0, high: z ** 2 / (n + z ** 2) });

function logLog(share: number, greenwood: number, z: number): { low: number; high: number } {
  const spread = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(share));
  return { low: share ** Math.exp(spread), high: share ** Math.exp(-spread) };
}

function countSpells(spells: Iterable<Spell>): SpellCount[] {
  const byLength = new Map<number, { ms: number; ended: number; open: number }>();
  for (const { ms, ended } of spells) {
    if (!(ms >= 0)) throw new RangeError(`a spell lasts 0 ms or more, not ${ms}`);
    const count = byLength.get(ms) ?? { ms, ended: 0, open: 0 };
    count[ended ? 'ended' : 'open'] += 1;
    byLength.set(ms, count);
  }
  return [...byLength.values()].sort((a, b) => a.ms - b.ms);
}

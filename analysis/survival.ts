// How long things last when some are not over yet: Kaplan and Meier (1958). Leaving the open ones out makes every
// stage look faster than it is, because the slow ones are the ones still open. Durations in ms; memory is one number each.
import { criticalZ } from './normal.ts';
import type { Estimate } from './stats.ts';

/** `ended` false: still going on after `ms`. */
export interface Spell {
  readonly ms: number;
  readonly ended: boolean;
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
  const [ended, open] = sortApart(spells);
  const z = criticalZ(level);
  const curve: CurvePoint[] = [];
  let [share, greenwood, passedOpen] = [1, 0, 0];
  for (let i = 0; i < ended.length; ) {
    const ms = ended[i] ?? 0;
    let next = i;
    while (next < ended.length && ended[next] === ms) next += 1;
    // Who is still open at the very instant of an ending counts as at risk.
    while (passedOpen < open.length && (open[passedOpen] ?? 0) < ms) passedOpen += 1;
    const atRisk = ended.length - i + open.length - passedOpen;
    share = atRisk === next - i ? 0 : (share * (atRisk - (next - i))) / atRisk;
    greenwood += (next - i) / (atRisk * (atRisk - (next - i)));
    // Those still at risk, and those they stand for: without open ones, all of them.
    const stoodFor = share > 0 ? null : Math.round(atRisk / (curve.at(-1)?.share ?? 1));
    const bounds = stoodFor === null ? logLog(share, greenwood, z) : noneOf(stoodFor, z);
    curve.push({ ms, share, ...bounds, atRisk, ended: next - i });
    i = next;
  }
  const longestMs = Math.max(0, ended.at(-1) ?? 0, open.at(-1) ?? 0);
  return { n: ended.length + open.length, ended: ended.length, open: open.length, longestMs, curve };
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

function sortApart(spells: Iterable<Spell>): [Float64Array, Float64Array] {
  const [ended, open]: [number[], number[]] = [[], []];
  for (const spell of spells) {
    if (!(spell.ms >= 0)) throw new RangeError(`a spell lasts 0 ms or more, not ${spell.ms}`);
    (spell.ended ? ended : open).push(spell.ms);
  }
  return [Float64Array.from(ended).sort(), Float64Array.from(open).sort()];
}

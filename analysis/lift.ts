// What a workflow did: those it treated against those held out by hash, with an interval, or "not enough yet".
// Only a holdout drawn by chance says cause; comparing with people who were never eligible would not. One look is
// assumed: a report that is read every week until it pleases finds "better" more often than 1 time in 40.
import { criticalZ } from './normal.ts';
import { differenceInterval, ratioInterval } from './score-interval.ts';
import { type Estimate, type Share, shareOf } from './stats.ts';

/** `people` who entered (or were held out), `reached` the goal among them. */
export interface Arm {
  readonly people: number;
  readonly reached: number;
}
interface Compared {
  readonly treated: Share;
  readonly holdout: Share;
  /** Share of treated less share of holdout. Miettinen and Nurminen (1985). */
  readonly difference: Estimate;
  /** Share of treated over share of holdout; high is Infinity, and value too, where nobody held out reached it. */
  readonly ratio: Estimate;
}
/** Too few people in the smaller group, too few of both that reached the goal, or a change of n % not told from noise. */
export interface Lack {
  readonly of: 'people' | 'reached' | 'noise';
  readonly n: number;
  /** Under which nothing is said; null for noise. */
  readonly least: number | null;
}
export type Lift =
  | ({ readonly is: 'better' | 'worse' | 'no difference seen' } & Compared)
  | {
      readonly is: 'not enough yet';
      readonly why: Lack;
      /** People needed in the holdout before a verdict; null where nobody has reached the goal yet. */
      readonly needed: number | null;
      readonly compared: Compared | null;
    };

export interface LiftRules {
  readonly level: number;
  /** The smallest change that matters, relative to the holdout's share: 0.2 is "a fifth more or less". */
  readonly worth: number;
  /** The chance to see such a change, if it is there. */
  readonly power: number;
}
const RULES: LiftRules = { level: 0.95, worth: 0.2, power: 0.8 };
const FEWEST_PEOPLE = 30;
const FEWEST_REACHED = 5;

export function liftOf(treated: Arm, holdout: Arm, rules: Partial<LiftRules> = {}): Lift {
  const { level, worth, power } = { ...RULES, ...rules };
  const [shareT, shareH] = [
    shareOf(treated.reached, treated.people, level),
    shareOf(holdout.reached, holdout.people, level),
  ];
  const needed = peopleNeeded(treated, holdout, criticalZ(level) + criticalZ(2 * power - 1), worth);
  const tooFew = whyTooFew(treated, holdout);
  if (tooFew || !shareT || !shareH)
    return {
      is: 'not enough yet',
      why: tooFew ?? { of: 'people', n: 0, least: FEWEST_PEOPLE },
      needed,
      compared: null,
    };

  const compared: Compared = {
    treated: shareT,
    holdout: shareH,
    difference: differenceInterval(treated, holdout, level),
    ratio: ratioInterval(treated, holdout, level),
  };
  if (compared.difference.low > 0) return { is: 'better', ...compared };
  if (compared.difference.high < 0) return { is: 'worse', ...compared };
  if (needed !== null && holdout.people >= needed) return { is: 'no difference seen', ...compared };
  return {
    is: 'not enough yet',
    why: { of: 'noise', n: Math.round(worth * 100), least: null },
    needed,
    compared,
  };
}

function whyTooFew(treated: Arm, holdout: Arm): Lack | null {
  const fewest = Math.min(treated.people, holdout.people);
  if (fewest < FEWEST_PEOPLE) return { of: 'people', n: fewest, least: FEWEST_PEOPLE };
  const reached = treated.reached + holdout.reached;
  if (reached < FEWEST_REACHED) return { of: 'reached', n: reached, least: FEWEST_REACHED };
  return null;
}

/** Fleiss, Levin and Paik (2003), 4.2, unequal groups, no continuity correction: the size of the holdout. */
function peopleNeeded(treated: Arm, holdout: Arm, z: number, worth: number): number | null {
  const people = treated.people + holdout.people;
  if (people === 0 || holdout.people === 0 || treated.people === 0) return null;
  const base = (treated.reached + holdout.reached) / people;
  if (base <= 0 || base >= 1) return null;
  const changed = Math.min(base * (1 + worth), (1 + base) / 2);
  const perHoldout = treated.people / holdout.people;
  const variance = base * (1 - base) + (changed * (1 - changed)) / perHoldout;
  return Math.ceil((z ** 2 * variance) / (changed - base) ** 2);
}

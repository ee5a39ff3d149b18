// A case of the coverage trial: which figure, of which world, and how it is drawn once: by the functions that the reports
// call, never by a formula of its own.
import type { Dice } from '../analysis/random.ts';

export interface Drawn {
  readonly truth: number;
  /** null: refused, with "not enough yet". */
  readonly interval: { readonly low: number | null; readonly high: number | null } | null;
}
export interface CoverageCase {
  readonly report: string;
  readonly statistic: string;
  /** The world it is drawn from. */
  readonly world: string;
  readonly n: number;
  /** Known to hold more often than it should, which no figure rests on: only the lower bar is asked of it. */
  readonly isWide?: boolean;
  draw(dice: Dice): Drawn;
}

export const times = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));
export const countOf = (dice: Dice, n: number, p: number): number =>
  times(n, () => dice.chance(p)).filter(Boolean).length;

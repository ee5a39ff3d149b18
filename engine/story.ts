// A story: what is given, what happens, and what is expected of a workflow, told in its own file and run through the same
// engine as production. Reading one (story-read.ts) checks every name in it; a story that reads well can be run.
import type { Coming } from './rehearsal.ts';
import type { Place } from './source.ts';
import type { Fields } from './step.ts';
import type { Day } from './story-day.ts';
import type { Deed } from './story-deeds.ts';

export interface Story {
  readonly workflow: string;
  readonly name: string;
  readonly place: Place;
  /** The instant of day 0. */
  readonly startsAt: number;
  readonly given: { readonly contact: Fields; readonly deal?: Fields };
  /** Which arm of a split this persona draws, by the split's id. */
  readonly draws: { readonly [step: string]: string };
  readonly tellings: readonly Telling[];
  readonly expects: readonly Expectation[];
}

/** A line of `when`: something that happens, at its instant. */
export interface Telling extends Coming {
  readonly place: Place;
  readonly text: string;
  /** The step whose mail or task it is about, which must have been reached by then. */
  readonly about: string | null;
}

/** A line of `expect`. */
export interface Expectation {
  readonly place: Place;
  readonly text: string;
  /** null: whenever. */
  readonly day: Day | null;
  /** It must not happen. */
  readonly isNever: boolean;
  /** What it looks like in the past: `was sent`. */
  readonly past: string;
  /** `isTold`: another line of this story speaks of it already. */
  finds(deed: Deed, isTold: boolean): boolean;
}

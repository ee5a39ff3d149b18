// What the checks need to know of one step and the plan does not: which facts are known where, and what happens to the
// contact because of it. Steps note it while they compile, so that no check knows a verb by name; none of it is stored.

export interface Notes {
  /** Arm name to the condition that holds on it. */
  readonly asks?: { readonly [arm: string]: string };
  /** Facts that are known behind it, whatever was known before: `contact.interest`. */
  readonly sets?: readonly string[];
  /** How long a run stays here at least; absent: no time at all. */
  readonly leastMs?: number;
  /** Events that may come of it, and that others may begin with. */
  readonly raises?: readonly Raises[];
}

export interface Raises {
  readonly type: string;
  readonly data: { readonly [field: string]: string | number };
  /** What is so afterwards, in a word: asked for again it changes nothing. null: it happens every time. */
  readonly state: string | null;
}

// What a run remembers beside where it stands: plain data in its row, so it grows with steps and never with time.

/** What a run carries along: how often it arrived at each step, and what the contact did with each mail. */
export interface Memory {
  readonly visits: { readonly [step: string]: number };
  /** happened.clicked = ['intro'] and so on; read by clicked("intro") and by waits. */
  readonly happened: { readonly [what: string]: readonly string[] };
  /** How many runs, each begun by an event that the one before it raised, led to this one; absent: none. */
  readonly depth?: number;
  /** An edit of the workflow put it on its step, where it has yet to arrive; absent: it stands there. */
  readonly arriving?: true;
  /** What this arrival asked for goes by this key, because its step was called otherwise then; absent: by its own. */
  readonly key?: string;
}

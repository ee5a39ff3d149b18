// What is kept of a contact's score between two reactions: plain data, a row of the ledger.
import type { Engagement } from './score.ts';

export interface Scored {
  /** Hash of the rules that the state was folded under: another one asks for the log. */
  readonly rules: string;
  readonly state: Engagement;
  /** By the key of each level that a workflow listens to: whether it was last seen at it or above. */
  readonly levels: { readonly [key: string]: boolean };
}

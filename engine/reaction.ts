// What passes between the engine and the ledger about one contact: its runs, its unread events, now; and in answer
// which runs start, move and end, what they ask for, and when the contact is next due.

import type { Scored } from './scored.ts';
import type { Effect, Fields, Happening, Patch, Raised, Run } from './step.ts';

/** All that the engine is told of a contact. */
export interface ContactState {
  readonly contactId: string;
  readonly contact: Fields;
  /** By deal id. */
  readonly deals: { readonly [dealId: string]: Fields };
  /** Open runs, by id. */
  readonly runs: readonly Run[];
  /** When the contact (or its deal) last entered each workflow, ended runs included. */
  readonly entries: readonly {
    readonly workflow: string;
    readonly dealId: string | null;
    readonly enteredAt: number;
  }[];
  /** Unread, in order of (at, id). */
  readonly events: readonly Happening[];
  /** As the last reaction left it; null: never scored. */
  readonly score?: Scored | null;
  /** Everything that ever happened, in order of (at, id), where `needsLog` asks for it. */
  readonly log?: readonly Happening[] | null;
  /** What the agenda said when the contact was claimed: moments from then to now have not been looked at. */
  readonly dueAt: number | null;
}

/** One line of a run's history: what happened, where, and why, in words. */
export interface Line {
  readonly at: number;
  readonly what: 'entered' | 'arrived' | 'waits' | 'moved' | 'queued' | 'ended' | 'migrated' | 'cancelled';
  readonly node: string | null;
  readonly why: string;
  readonly eventId: string | null;
}

/** What an edit of the workflow means for what a run has queued and has not sent. */
export interface QueueEdit {
  /** Steps whose deliveries must not leave any more, and why. */
  readonly stops: readonly string[];
  readonly why: string;
  /** Old id to new id: a delivery belongs to the step, under whatever name. */
  readonly renamed: { readonly [old: string]: string };
}

export interface Transition {
  /** The run as it stands afterwards. A new run has an id of the form `new:<n>` until the ledger names it. */
  readonly run: Run;
  readonly isNew: boolean;
  readonly effects: readonly Effect[];
  /** True where the end also stops what was queued but has not left. */
  readonly cancels: boolean;
  /** Fields to write to the contact and to the run's deal. */
  readonly patch: Patch;
  /** Events to record as unread, each under `<run id>:<key>`; the contact is due at once. */
  readonly raises: readonly Raised[];
  /** A run that has come to the door of a workflow with a daily limit: the ledger gives it the first day that has room (wake_at). */
  readonly perDay: number | null;
  /** Absent or null where the run was not moved to another plan, or nothing queued is touched by it. */
  readonly edit?: QueueEdit | null;
  readonly lines: readonly Line[];
}

export interface Reaction {
  readonly contactId: string;
  readonly transitions: readonly Transition[];
  /** Every event that was looked at. */
  readonly read: readonly string[];
  readonly nextDueAt: number | null;
  /** To be kept for the next reaction, where it has changed. */
  readonly score: Scored | null;
}

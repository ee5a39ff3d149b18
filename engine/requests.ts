// What a step may ask to be done outside, as plain data: a delivery's payload is one of these. Whoever performs it
// (`Io` in step.ts says how it is asked, workers/io.ts does it) needs nothing else from the workflow, so that a row
// means the same whatever has been applied since. It stands apart from step.ts and imports nothing.

export interface MailRequest {
  /** Template name; the locale is chosen from the contact's. */
  readonly template: string;
  /** The calendar in which it may leave; left out: any time. */
  readonly window?: string;
  /** Where nobody knows whether it left; left out: it is held for a person to see. */
  readonly onUnknown?: 'resend' | 'assume_sent';
}

/** An HTTP POST to the url, with a JSON body whose fields are read when it leaves. */
export interface CallRequest {
  readonly url: string;
  readonly fields: { readonly [name: string]: CallField };
  /** From the first byte out to the last byte in. */
  readonly timeoutMs: number;
}

/** A fact by its path (`deal.amount`), or a value that the file says. */
export type CallField = { readonly fact: string } | { readonly value: string | number | boolean };
/** Who gets a task. Names are those of teams.yaml. */
export type Assignment =
  | { readonly to: 'owner' }
  | { readonly to: 'person'; readonly person: string }
  /** Of the members who are there: the next in turn, or whoever has the fewest open tasks. */
  | { readonly to: 'turn' | 'least'; readonly team: string };

/** What happens once, when a task is still open at its due time. */
export type Overdue =
  | { readonly is: 'remind' | 'reassign' }
  | { readonly is: 'escalate'; readonly person: string };

export interface SurveyRequest {
  readonly survey: string;
  readonly template: string;
  /** So long after it, whoever has not answered is reminded; left out: never. */
  readonly remind?: string;
  /** The asking that this one reminds of, by its id; left out: it asks. */
  readonly reminder?: string;
}

/** The figures of the funnel, by mail. */
export interface ReportRequest {
  /** Of report-names.ts, in this order. */
  readonly reports: readonly string[];
}

/** A mail to a colleague about a task that stands. */
export interface NoticeRequest {
  /** Its id in the ledger. */
  readonly task: string;
  /** Who gets it, by their name in teams.yaml. */
  readonly to: string;
  readonly notice: Notice;
}

export type Notice = 'reminder' | 'overdue' | 'reassigned' | 'escalated';

export type TaskRequest = {
  /** Liquid over contact and deal, rendered when the task is made. */
  readonly title: string;
  readonly notes: string | null;
  readonly assign: Assignment;
  /** From when it is made, in the owner's business time: a duration as plans keep it. */
  readonly due: string;
  /** So long before it is due, each: durations as plans keep them. */
  readonly remind: readonly string[];
  readonly overdue: Overdue | null;
  /** The words it may be closed with as done; left out: any. */
  readonly outcomes?: readonly string[];
  /** Until then at the latest, no marketing mail goes to the contact while it is open; left out: it holds none. */
  readonly holdsUntil?: number;
};

/** A change of a task, to be told to the program that teams.yaml names. */
export interface ChangeRequest {
  readonly task: string;
  readonly change: string;
  /** `created`, `done` and so on. */
  readonly what: string;
  readonly by: string;
  readonly at: number;
}

/** An HTTP POST of a message that is whole already. */
export interface TellRequest {
  readonly url: string;
  readonly timeoutMs: number;
  readonly type: string;
  readonly data: object;
}

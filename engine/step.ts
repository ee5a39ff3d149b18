// The contract of a step, and the words that pass between the rooms: facts, events, runs, effects, outcomes.
// Everything here is plain data, so that it can be stored, replayed and compared. A step decides without doing
// (`decide` is pure: no clock, no dice, no I/O), and at most one function of it does (`perform`), with what the
// caller hands it. Instants are epoch milliseconds (UTC) and end in `At`.

import type { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { Memory } from './memory.ts';
import type { Notes } from './notes.ts';
import type {
  CallRequest,
  ChangeRequest,
  MailRequest,
  NoticeRequest,
  ReportRequest,
  SurveyRequest,
  TaskRequest,
} from './requests.ts';
import type { Located } from './source.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Fields = { readonly [field: string]: Json };

/** What is known when a condition is asked: built-in fields and those of facts.yaml side by side. */
export interface Facts {
  /** id, email, first_name, last_name, company, locale, timezone, consent{topic: bool}, score{name: number}, ... */
  readonly contact: Fields;
  /** id, pipeline, stage, title, amount, currency, owner, ...; null for a run without a deal. */
  readonly deal: Fields | null;
}

/** One thing that happened to a contact. `data` of a stage change: {pipeline, from, to, late}. */
export interface Happening {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly dealId: string | null;
  readonly data: Fields;
}

/** One contact's way through one workflow: where it stands, since when, and what it remembers. */
export interface Run {
  readonly id: string;
  readonly workflow: string;
  /** Content hash of the plan it is pinned to. */
  readonly plan: string;
  readonly contactId: string;
  readonly dealId: string | null;
  /** The step it stands on; null once ended. */
  readonly node: string | null;
  /** When it arrived at that step. */
  readonly nodeAt: number;
  readonly enteredAt: number;
  /** When time alone moves it; null: only an event does, or it has ended. */
  readonly wakeAt: number | null;
  readonly memory: Memory;
  readonly endedAt: number | null;
  readonly outcome: string | null;
  readonly goal: boolean;
}

/** Something to be done outside, written as a row (a delivery) in the transaction of the move. */
export interface Effect {
  /** Unique in its run: `<step>#<visit>`. Exactly once rests on this key. */
  readonly key: string;
  readonly verb: string;
  readonly node: string;
  /** The consent that doing it needs; null where none is needed. */
  readonly topic: string | null;
  /** Said where it is no mail to the contact: suppressing the address does not stop it. */
  readonly toContact?: false;
  readonly payload: Json;
  /** Not before this instant. */
  readonly dueAt: number;
  /** Given up after this instant. */
  readonly expiresAt: number;
}

/** A delivery as its worker sees it. */
export interface Delivery extends Effect {
  readonly id: string;
  readonly runId: string;
  readonly workflow: string;
  readonly contactId: string;
  readonly dealId: string | null;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly createdAt: number;
}

/** What the world answered. A fault (ours, or the machine's) is thrown instead. */
export type Outcome =
  | { readonly is: 'sent'; readonly reply: string }
  | { readonly is: 'later'; readonly at: number; readonly why: string }
  | { readonly is: 'refused'; readonly why: string; readonly reason: string; readonly hard: boolean }
  | { readonly is: 'unknown'; readonly why: string }
  /** The fence said no: it was cancelled, suppressed, or another worker holds it. Nothing left the house. */
  | { readonly is: 'withheld'; readonly why: string };

/** What `perform` may use; the caller supplies the doing. */
export interface Io {
  readonly now: number;
  readonly facts: Facts;
  mail(request: MailRequest): Promise<Outcome>;
  call(request: CallRequest): Promise<Outcome>;
  /** Makes the task, or finds the one that an earlier try made. */
  task(request: TaskRequest): Promise<Outcome>;
  /** Mails the scale; its links are of this asking, however often it is tried. */
  survey(request: SurveyRequest): Promise<Outcome>;
  /** Mails a colleague about a task, while it is open. */
  notify(request: NoticeRequest): Promise<Outcome>;
  /** Tells another program of a change of a task. */
  tell(request: ChangeRequest): Promise<Outcome>;
  report(request: ReportRequest): Promise<Outcome>;
}

/** Changes to facts that later steps of the same hop see. */
export interface Patch {
  readonly contact?: Fields;
  readonly deal?: Fields;
}

export interface View<P> {
  readonly params: P;
  readonly node: Node;
  readonly plan: PlanBrief;
  readonly run: Run;
  readonly facts: Facts;
  /** By what draws are made: the customer's own id of the deal or contact. */
  readonly subject: string;
  readonly now: number;
  /** True when the run has just come to this step; false when it stood here and was woken. */
  readonly arrived: boolean;
  /** The event that woke it, where one did. */
  readonly event: Happening | null;
  /** Instants and durations in the subject's zone and the declared calendars. */
  readonly time: Reckoning;
  /** Asks a condition of this plan by its source text. Unknown facts make it no, and are noted in the history. */
  test(condition: string): boolean;
  /** Whether the event that woke it, or the moment that passed since the run arrived, is what the phrase says. */
  hears(phrase: Json): boolean;
  /** When time alone makes the phrase true, after the run arrived; null where only an event does. */
  momentOf(phrase: Json): number | null;
}

/** What a step may know of the plan it stands in. */
export interface PlanBrief {
  readonly workflow: string;
  readonly topic: string | null;
  readonly sendWindow: string | null;
}

export interface Reckoning {
  /** The IANA zone that holds for the subject, and whose it is. */
  readonly zone: string;
  readonly source: 'contact' | 'company';
  /** `duration` as CompileContext.duration answered it; `sign` -1 counts back, which business time cannot. */
  add(at: number, duration: string, sign?: 1 | -1): number;
  /** Epoch milliseconds of a fact: they themselves, or ISO text, in this zone where it names none. */
  instant(value: Json): number | null;
  /** The first instant from `at` on at which the calendar is open; `@awake` is all but the policy's quiet hours. */
  open(at: number, calendar: string): number;
  /** The first instant after `after` on one of these weekdays (1 is Monday; none: any day), so many minutes into it. */
  next(after: number, weekdays: readonly number[], minutes: number): number;
  /** The instant so many minutes into the local day that `at` falls on. */
  onDayOf(at: number, minutes: number): number;
  /** The local day that `at` falls on: `2026-11-24`. */
  date(at: number): string;
  /** In words, for the history: `Tue 24 Nov 2026 10:00`. */
  tell(at: number): string;
}

export type Decision =
  | {
      readonly go: 'on';
      readonly arm?: string;
      readonly effects?: readonly Effect[];
      readonly patch?: Patch;
      readonly raises?: readonly Raised[];
      readonly why: string;
    }
  | {
      readonly go: 'stay';
      readonly until: number | null;
      /** What it waits for the answer to. */
      readonly effects?: readonly Effect[];
      readonly why: string;
    }
  | { readonly go: 'end'; readonly outcome: string; readonly goal?: boolean; readonly why: string };

/** An event that a step makes happen. The ledger records it under `<run id>:<key>`, so once. */
export interface Raised {
  readonly key: string;
  readonly type: string;
  readonly dealId: string | null;
  readonly data: Fields;
}

/** A step of a plan: plain data. `arms` lead into the blocks of a branch; each block rejoins at `next`. */
export interface Node {
  readonly id: string;
  readonly verb: string;
  readonly params: Json;
  readonly next: string | null;
  readonly arms: { readonly [arm: string]: string | null };
  readonly traits: Traits;
}

/** What the checks, the graph and the reports need to know of a step, so that they know no verb by name. */
interface Traits {
  /** In a few words, for the graph and the timeline: `send intro`. */
  readonly label: string;
  /** The template that it mails. */
  readonly template?: string;
  /** It always ends the run, with this outcome. */
  readonly ends?: string;
  /** The stage that it moves the deal to. */
  readonly moves?: string;
  /** The longest that a run stays here, in ms; absent: no time at all. */
  readonly lastsMs?: number;
  /** How long it stays depends on when the run arrived and on its zone alone. */
  readonly elapses?: boolean;
  /** Its params are the weights by which an arm is drawn. */
  readonly draws?: true;
}

/** One step kind: its shape, its meaning, what lint needs of it, and its act. */
export interface Step {
  readonly verb: string;
  /** The keys that stand beside `id`, the verb's own among them. A strict object. */
  readonly shape: z.ZodObject;
  /** One paragraph for the generated reference, and an example that lints clean. */
  readonly doc: { readonly text: string; readonly example: string };
  /** From the checked value of this step (`source`, as `shape` answers it) and its place to what the plan keeps. */
  compile(source: unknown, at: Located, context: CompileContext): Compiled<Json>;
  decide(view: View<Json>): Decision;
  perform?(delivery: Delivery, io: Io): Promise<Outcome>;
}

export interface StepDefinition<S extends z.ZodObject, P> extends Omit<Step, 'shape' | 'compile' | 'decide'> {
  readonly shape: S;
  compile(source: z.output<S>, at: Located, context: CompileContext): Compiled<P>;
  decide(view: View<P>): Decision;
}

interface Compiled<P> {
  readonly params: P;
  readonly traits: Traits;
  /** Blocks of steps: arm name to its YAML list. */
  readonly arms?: { readonly [arm: string]: Located };
  /** Arms that lead to a step that stands elsewhere. */
  readonly jumps?: { readonly [arm: string]: string };
  /** For the checks alone; no part of the plan. */
  readonly notes?: Notes;
}

export interface WrittenStep {
  readonly id: string;
  readonly verb: string;
  /** Where its block stands: a block inside it has a longer path that begins with this one. */
  readonly block: string;
}

/** What a step may ask and report while it compiles. Answers are canonical text, safe to keep in a plan. */
export interface CompileContext {
  readonly catalogue: Catalogue;
  readonly plan: PlanBrief;
  /** The steps of this file, in the order in which they are written. */
  readonly steps: readonly WrittenStep[];
  /** The step that is being compiled; null where it has no id. */
  readonly here: WrittenStep | null;
  /** False where runs of this workflow have no deal. */
  readonly hasDeal: boolean;
  readonly report: Report;
  /** Checks a CEL condition, or all/any/not lists of them; answers one condition. */
  condition(at: Located): string;
  phrase(at: Located): Json;
  moment(at: Located): Json;
  duration(at: Located): string;
  /** Checks the Liquid of a text; answers the text. */
  text(at: Located): string;
}

/** Keeps the types of shape and params together, and then forgets them, so that steps fit one list. */
export function defineStep<S extends z.ZodObject, P>(step: StepDefinition<S, P>): Step {
  return step as unknown as Step;
}

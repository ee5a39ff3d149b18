// The ledger's tables as Kysely sees them. The truth is in migrations/; this file only has to agree with it.
// Ids are bigints as text. Instants are read as epoch milliseconds and written as Dates.
import type { ColumnType, Generated } from 'kysely';
import type { Fields, Json } from '../engine/step.ts';

type Instant = ColumnType<number, Date, Date>;
type InstantOrNull = ColumnType<number | null, Date | null, Date | null>;
/** Written as JSON text: pg would turn a JavaScript array into a Postgres array. */
type Jsonb<T> = ColumnType<T, string, string>;
type Id = Generated<string>;

export interface Schema {
  contacts: Contacts;
  deals: Deals;
  stage_history: StageHistory;
  events: Events;
  unread: { contact_id: string; event_id: string };
  agenda: { contact_id: string; due_at: Instant };
  held_batches: { xid: string; contact_ids: string[] };
  batch_deaths: { contact_id: string; deaths: number };
  plans: Plans;
  doors: { workflow: string; day: string; taken: number };
  templates: { name: string; locale: string; hash: string; applied_at: Instant; body: Jsonb<Json> };
  declarations: { name: string; body: Jsonb<Json> };
  applied: {
    single: Generated<boolean>;
    revision: string;
    applied_at: Instant;
    secret_print: string | null;
    default_topics: Generated<string[]>;
  };
  runs: Runs;
  run_history: RunHistory;
  deliveries: Deliveries;
  suppressions: { address_hash: Buffer; topic: string; reason: string; at: Instant };
  api_keys: ApiKeys;
  scores: { contact_id: string; rules: string; state: Jsonb<Json>; levels: Jsonb<Json> };
  rescans: Rescans;
  models: { name: string; trained_at: Instant; body: Jsonb<Json>; report: Jsonb<Json> };
  tasks: Tasks;
  task_changes: TaskChanges;
  task_turns: { team: string; person: string; turn: string };
  survey_sends: SurveySends;
  survey_answers: SurveyAnswers;
  targets: Targets;
  hits: Hits;
}

export interface Rescans {
  single: Generated<boolean>;
  rules: string;
  started_at: Instant;
  finished_at: InstantOrNull;
  after_id: string;
  contacts: string;
  done: string;
}

export interface Contacts {
  id: Id;
  created_at: Instant;
  updated_at: Instant;
  facts_at: Instant;
  parked_at: InstantOrNull;
  key: string;
  email: string | null;
  address_hash: Buffer | null;
  first_name: string | null;
  last_name: string | null;
  company: string | null;
  locale: string | null;
  timezone: string | null;
  consent: Jsonb<Fields>;
  asked: Jsonb<Fields>;
  paused_until: InstantOrNull;
  fields: Jsonb<Fields>;
  parked_why: string | null;
}

export interface Deals {
  id: Id;
  contact_id: string;
  created_at: Instant;
  updated_at: Instant;
  facts_at: Instant;
  stage_at: InstantOrNull;
  key: string;
  pipeline: string | null;
  stage: string | null;
  title: string | null;
  amount: number | null;
  currency: string | null;
  owner: string | null;
  fields: Jsonb<Fields>;
}

export interface StageHistory {
  id: Id;
  deal_id: string;
  contact_id: string;
  event_id: string | null;
  at: Instant;
  late: boolean;
  pipeline: string;
  from_stage: string | null;
  to_stage: string;
}

export interface Events {
  id: Id;
  contact_id: string;
  deal_id: string | null;
  at: Instant;
  received_at: Instant;
  type: string;
  source_id: string;
  data: Jsonb<Fields>;
}

export interface Plans {
  hash: string;
  workflow: string;
  /** When it was last made current. */
  applied_at: Instant;
  /** When it was first applied. */
  made_at: ColumnType<number, Date | undefined, never>;
  is_current: boolean;
  /** Its people stay on it, whatever is applied later. */
  is_pinned: Generated<boolean>;
  body: Jsonb<Json>;
}

export interface Runs {
  id: Id;
  contact_id: string;
  deal_id: string | null;
  entered_at: Instant;
  node_at: Instant;
  wake_at: InstantOrNull;
  ended_at: InstantOrNull;
  goal: boolean;
  is_pruned: Generated<boolean>;
  workflow: string;
  plan_hash: string;
  node: string | null;
  outcome: string | null;
  memory: Jsonb<Json>;
}

export interface RunHistory {
  id: Id;
  run_id: string;
  at: Instant;
  event_id: string | null;
  what: string;
  node: string | null;
  why: string;
}

export type DeliveryState =
  | 'queued'
  | 'sending'
  | 'committing'
  | 'sent'
  | 'deferred'
  | 'refused'
  | 'unknown'
  | 'cancelled';

export interface Deliveries {
  id: Id;
  run_id: string;
  contact_id: string;
  deal_id: string | null;
  due_at: Instant;
  expires_at: Instant;
  created_at: Instant;
  settled_at: InstantOrNull;
  /** Its place in the queue of a rate. */
  slot_at: InstantOrNull;
  lease_until: InstantOrNull;
  unknown_at: InstantOrNull;
  token: string | null;
  /** Under which it was last held: what that holder says late is still the truth about its copy. */
  last_token: string | null;
  attempt: number;
  /** How often its worker died with it in hand. */
  deaths: Generated<number>;
  state: DeliveryState;
  verb: string;
  workflow: string;
  node: string;
  key: string;
  topic: string | null;
  payload: Jsonb<Json>;
  why: string | null;
  reply: string | null;
  message_id: string | null;
  /** False: no mail to the contact, so suppressing the address does not stop it. */
  to_contact: Generated<boolean>;
}

export interface Tasks {
  id: Id;
  contact_id: string;
  deal_id: string | null;
  run_id: string | null;
  created_at: Instant;
  due_at: Instant;
  look_at: InstantOrNull;
  overdue_at: InstantOrNull;
  closed_at: InstantOrNull;
  state: Generated<'open' | 'done' | 'cancelled'>;
  owner: string | null;
  escalated_to: string | null;
  title: string;
  notes: string | null;
  outcome: string | null;
  workflow: string | null;
  node: string | null;
  key: string;
  rule: Jsonb<Json>;
}

export interface TaskChanges {
  task_id: string;
  id: Id;
  at: Instant;
  what: string;
  by: string;
  why: string;
  delivery_id: Generated<string | null>;
}

export interface SurveySends {
  id: Id;
  contact_id: string;
  deal_id: string | null;
  run_id: string;
  delivery_id: string;
  sent_at: Instant;
  remind_at: InstantOrNull;
  reminded_at: InstantOrNull;
  answered_at: InstantOrNull;
  score: number | null;
  survey: string;
  node: string;
  workflow: string;
}

export interface SurveyAnswers {
  send_id: string;
  id: Id;
  at: Instant;
  score: number;
  comment: string | null;
}

export interface ApiKeys {
  id: Id;
  created_at: Instant;
  revoked_at: InstantOrNull;
  name: string;
  prefix: string;
  scope: 'ingest' | 'read' | 'admin';
  hash: Buffer;
}

export interface Targets {
  id: string;
  created_at: Instant;
  template: string;
  locale: string;
  position: number;
  beside: number;
  url: string;
}

export interface Hits {
  id: Id;
  delivery_id: string;
  at: Instant;
  judged_at: InstantOrNull;
  kind: 'open' | 'click';
  target: string | null;
  method: 'GET' | 'HEAD';
  class: 'human' | 'scanner' | 'proxy' | 'unknown' | null;
  visitor: Buffer | null;
  signs: string[];
  reasons: Generated<string[]>;
}

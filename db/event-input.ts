// An event as it comes in, and what the ledger itself has to refuse: what would break a whole batch's statement, and
// stages that no pipeline has. The shape of the JSON was checked at the door, before.
// Promises: a refusal names the path and says what to write instead; nothing personal stands in it.
import type { Pipeline } from '../engine/catalogue.ts';
import type { Fields, Json } from '../engine/step.ts';

export interface EventInput {
  /** The sender's own id: the same id twice is one event. */
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly contact: ContactInput;
  readonly deal?: DealInput;
  readonly data?: Fields;
}

/** Fields left out stay; null empties. Any further key is a custom field. */
export interface ContactInput {
  readonly id: string;
  readonly email?: string | null;
  readonly first_name?: string | null;
  readonly last_name?: string | null;
  readonly company?: string | null;
  readonly locale?: string | null;
  readonly timezone?: string | null;
  readonly consent?: { readonly [topic: string]: boolean };
  /** How that consent was given, for the log. */
  readonly consent_proof?: ConsentProof;
  readonly [field: string]: Json | undefined;
}

export type ConsentProof = {
  readonly how?: string;
  readonly text?: string;
  readonly place?: string;
  readonly agent?: string;
  /** The sender has proof of its own that the mailbox confirmed. */
  readonly confirmed?: boolean;
};

export interface DealInput {
  readonly id: string;
  readonly pipeline?: string;
  readonly stage?: string;
  readonly title?: string | null;
  readonly amount?: number | null;
  readonly currency?: string | null;
  readonly owner?: string | null;
  readonly [field: string]: Json | undefined;
}

export interface EventResult {
  readonly id: string;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  readonly reason?: string;
  readonly path?: string;
  /** What else is wrong with it. */
  readonly also?: readonly Refusal[];
}

export interface Refusal {
  readonly reason: string;
  readonly path: string;
}

/** Ids of events that the ledger derives from others begin so. */
export const ownPrefix = 'voronka:';
/** An index entry holds 2,700 bytes; 200 characters stay below that in any script. */
const longestId = 200;
const dayMs = 86_400_000;

/** null: nothing against it. A stage whose pipeline only the ledger knows is asked later, by `findPipeline`. */
export function checkInput(
  input: EventInput,
  { now, pipelines }: { readonly now: number; readonly pipelines: readonly Pipeline[] },
): Refusal | null {
  const ids = { id: input.id, 'contact.id': input.contact.id, 'deal.id': input.deal?.id ?? '-' };
  for (const [path, id] of Object.entries(ids))
    if (id.length === 0 || id.length > longestId)
      return { path, reason: `must have 1 to ${longestId} characters, and has ${id.length}` };
  if (input.id.startsWith(ownPrefix))
    return { path: 'id', reason: `ids that begin with ${ownPrefix} are the ledger's own` };
  // A date in the far future would make every later change of that deal a late one.
  if (input.at > now + dayMs) return { path: 'at', reason: 'lies more than a day in the future' };
  if (input.type === 'deal.stage_changed' && input.deal?.stage === undefined)
    return { path: 'deal.stage', reason: 'a deal.stage_changed says which stage the deal is in now' };
  const path = findUnstorable(input, '');
  if (path !== null)
    return { path, reason: 'holds a zero byte or half a character, which no database text can' };
  const { deal } = input;
  if (!deal || (deal.pipeline === undefined && pipelines.length > 1)) return null;
  const pipeline = findPipeline(deal, null, pipelines);
  return typeof pipeline === 'string' ? null : pipeline;
}

/** The path of the first text that Postgres would refuse, and the whole batch with it. */
function findUnstorable(value: unknown, path: string): string | null {
  if (typeof value === 'string') return /[\0\p{Cs}]/u.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    const found = findUnstorable(key, path) ?? findUnstorable(inner, here);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The pipeline that a deal's stage belongs to, or why it is none. A deal that says neither stage nor pipeline, and
 * whose pipeline is not known, has none ('').
 */
export function findPipeline(
  deal: DealInput,
  standsIn: string | null,
  pipelines: readonly Pipeline[],
): string | Refusal {
  const only = pipelines.length === 1 ? pipelines[0]?.name : undefined;
  const name = deal.pipeline ?? standsIn ?? only;
  const known = pipelines.map((one) => one.name).join(', ');
  if (name === undefined)
    return deal.stage === undefined ? '' : { path: 'deal.pipeline', reason: `is needed: one of ${known}` };
  const pipeline = pipelines.find((one) => one.name === name);
  if (!pipeline) return { path: 'deal.pipeline', reason: `"${name}" is not a pipeline: known are ${known}` };
  const stages = [...new Set([...pipeline.stages, ...pipeline.won, ...pipeline.lost])];
  if (deal.stage === undefined || stages.includes(deal.stage)) return name;
  return {
    path: 'deal.stage',
    reason: `"${deal.stage}" is not a stage of ${name}: known are ${stages.join(', ')}`,
  };
}

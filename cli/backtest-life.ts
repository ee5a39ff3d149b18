// One contact's past as something that can be lived again: what was known when the backtest begins, and what happened
// since, each event with the facts that it brought. Facts are those of then where the ledger knows them (stages, owners,
// withdrawn consent, what only the outcome tells); the others are those of today.
import type { PastContact, PastDeal, PastEvent } from '../db/past.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import type { Coming, Persona, Rehearsal } from '../engine/rehearsal.ts';
import type { Fields, Json } from '../engine/step.ts';

/** What really came of it. */
export interface Deeds {
  readonly runs: readonly {
    readonly dealId: string | null;
    readonly outcome: string | null;
    readonly goal: boolean;
  }[];
  readonly mails: readonly { readonly node: string; readonly count: number }[];
}

export interface Life {
  readonly persona: Persona;
  readonly coming: readonly Coming[];
  readonly beginsAt: number;
  /** null: nobody knows. */
  readonly did: Deeds | null;
}

export interface Window {
  readonly workflow: string;
  readonly since: number;
  readonly catalogue: Catalogue;
}

export function toLife(past: PastContact, { workflow, since, catalogue }: Window): Life {
  const beginsAt = Math.max(since, past.createdAt);
  const before = past.runs.filter((run) => run.enteredAt < since);
  const known = past.deals.filter((deal) => deal.createdAt < since);
  const own = new Set(past.runs.map(({ id }) => id));
  return {
    beginsAt,
    persona: {
      contact: factsThen(past),
      deals: Object.fromEntries(known.map((deal) => [deal.id, dealThen(deal, past, catalogue)])),
      entries: before.map(({ dealId, enteredAt }) => ({ workflow, dealId, enteredAt })),
    },
    coming: past.events.map((event) => ({
      at: event.at,
      happen: (rehearsal) => ({
        ...event,
        data: withoutOwn(event.data, own),
        facts: factsAfter(event, past, rehearsal, catalogue),
      }),
    })),
    did: {
      runs: past.runs.filter((run) => run.enteredAt >= since),
      mails: past.mails,
    },
  };
}

/** A click in a mail of this workflow is a click in the one that is replayed; runs of the past are not. */
function withoutOwn(data: Fields, own: ReadonlySet<string>): Fields {
  if (!own.has(String(data.run))) return data;
  const { run: _, ...rest } = data;
  return rest;
}

/** Consents that were taken back since were given then. */
function factsThen({ facts, events }: PastContact): Fields {
  const consent: { [topic: string]: Json } = { ...(facts.consent as Fields | undefined) };
  for (const { type, data } of events)
    if (type === 'contact.unsubscribed')
      for (const topic of Object.keys(consent))
        if (data.topic === '*' || data.topic === undefined || data.topic === topic) consent[topic] = true;
  return { ...facts, consent };
}

function dealThen(deal: PastDeal, { events }: PastContact, catalogue: Catalogue): Fields {
  const { stage: _, stage_at: __, ...facts } = deal.facts;
  const { stoodIn } = deal;
  const moved = events.find(({ type, dealId }) => type === 'deal.owner_changed' && dealId === deal.id);
  const stage =
    stoodIn === null ? {} : { stage: stoodIn.stage, pipeline: stoodIn.pipeline, stage_at: stoodIn.at };
  const owner = moved?.data.from === undefined ? {} : { owner: moved.data.from };
  const then = { ...facts, ...stage, ...owner, updated_at: stoodIn?.at ?? deal.createdAt };
  return isDecided(then, catalogue) ? then : withoutOutcome(then, catalogue);
}

function isDecided({ pipeline, stage }: Fields, { pipelines }: Catalogue): boolean {
  const own = pipelines.find((one) => one.name === pipeline);
  return [...(own?.won ?? []), ...(own?.lost ?? [])].includes(String(stage));
}

function withoutOutcome(facts: Fields, { afterOutcome }: Catalogue): Fields {
  return Object.fromEntries(
    Object.entries(facts).filter(([field]) => !afterOutcome.includes(`deal.${field}`)),
  );
}

/** What the event told. A deal that is met for the first time is there from then on. */
function factsAfter(event: PastEvent, past: PastContact, rehearsal: Rehearsal, catalogue: Catalogue) {
  const { type, data, dealId, at } = event;
  const today = past.deals.find((deal) => deal.id === dealId);
  if (dealId === null || today === undefined) return {};
  const { stage: _, stage_at: __, ...rest } = today.facts;
  const stands = rehearsal.deals[dealId] ?? withoutOutcome(rest, catalogue);
  const owner = type === 'deal.owner_changed' && data.to !== undefined ? { owner: data.to } : {};
  const isMove = type === 'deal.stage_changed' && data.late !== true;
  const decided = isMove && isDecided({ pipeline: data.pipeline ?? null, stage: data.to ?? null }, catalogue);
  const outcome = decided ? pick(today.facts, catalogue) : {};
  return { deal: { ...stands, ...outcome, ...owner, updated_at: at } };
}

/** What only the outcome tells. */
function pick(facts: Fields, { afterOutcome }: Catalogue): Fields {
  return Object.fromEntries(
    Object.entries(facts).filter(([field]) => afterOutcome.includes(`deal.${field}`)),
  );
}

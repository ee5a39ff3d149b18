// A past from a file: one body of POST /v1/events a line, or a list of them. Events are checked as the API checks them and
// taken in as the ledger takes them in, in order of their instants, so that facts are exactly those of then. The file is
// held in memory whole.
import { readFileSync } from 'node:fs';
import type { EventInput } from '../db/event-input.ts';
import { type ContactRow, type DealRow, type Held, takeIn } from '../db/intake.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import type { Occurrence } from '../engine/rehearsal.ts';
import type { Fields } from '../engine/step.ts';
import { defaultLimits } from '../web/deps.ts';
import { checkEvent } from '../web/event-check.ts';
import { shapeOf } from '../web/event-shape.ts';
import type { Life } from './backtest-life.ts';
import { complaint } from './streams.ts';

const mostComplaints = 20;

export function readEvents(path: string, catalogue: Catalogue, now: number): EventInput[] {
  const wrong: string[] = [];
  const inputs: EventInput[] = [];
  const shape = shapeOf(catalogue.facts);
  for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    for (const event of parseLine(line, `${path}:${i + 1}`, wrong)) {
      const checked = checkEvent(event, shape, now, defaultLimits);
      if ('input' in checked) inputs.push(checked.input);
      else wrong.push(`${path}:${i + 1}  ${checked.refused.path ?? 'event'} ${checked.refused.reason}`);
    }
  }
  if (wrong.length === 0) return inputs.sort((a, b) => a.at - b.at);
  const rest = wrong.length > mostComplaints ? [`... and ${wrong.length - mostComplaints} more`] : [];
  throw complaint(2, [...wrong.slice(0, mostComplaints), ...rest].join('\n'));
}

function parseLine(line: string, place: string, wrong: string[]): unknown[] {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    wrong.push(`${place}  is not JSON: ${(error as Error).message}`);
    return [];
  }
}

/** Contact by contact, each with what happened since; what came before is known. */
export function livesOf(inputs: readonly EventInput[], catalogue: Catalogue, since: number): Life[] {
  const held: Held = { contacts: new Map(), deals: new Map(), moves: [] };
  const past = new Map<string, Occurrence[]>();
  const seen = new Set<string>();
  for (const input of inputs) {
    if (seen.has(input.id)) continue;
    seen.add(input.id);
    const { id } = input.contact;
    if (!held.contacts.has(id)) held.contacts.set(id, startContact(id));
    const list = past.get(id) ?? [];
    past.set(id, list);
    const intake = takeIn([input], { ...held, moves: [] }, catalogue);
    if (intake.refusals.size > 0)
      throw complaint(2, `event ${input.id}: ${intake.refusals.get(input.id)?.reason}`);
    const contact = held.contacts.get(id);
    const deal = held.deals.get(input.deal?.id ?? '');
    if (deal !== undefined && deal.id === null)
      held.deals.set(deal.key, Object.assign(deal, { id: deal.key }));
    for (const { sourceId, type, at, dealKey, data } of intake.events) {
      const facts = {
        ...(contact === undefined ? {} : { contact: contactFacts(contact) }),
        ...(deal === undefined ? {} : { deal: dealFacts(deal) }),
      };
      list.push({ id: sourceId, type, at, dealId: dealKey, data, facts });
    }
  }
  return [...past.values()].flatMap((events) => toLife(events, since));
}

const startContact = (key: string): ContactRow => ({
  id: key,
  key,
  isNew: true,
  createdAt: Number.POSITIVE_INFINITY,
  factsAt: 0,
  columns: {},
  fields: {},
  consent: {},
  asked: {},
});

function contactFacts({ key, createdAt, columns, fields, consent }: ContactRow): Fields {
  return { ...fields, ...columns, id: key, created_at: createdAt, consent: { ...consent } };
}

function dealFacts({ key, createdAt, factsAt, columns, fields, pipeline, stage, stageAt }: DealRow): Fields {
  const built = { id: key, pipeline, stage, stage_at: stageAt, created_at: createdAt, updated_at: factsAt };
  return { ...fields, ...columns, ...built };
}

function toLife(events: readonly Occurrence[], since: number): Life[] {
  const coming = events.filter(({ at }) => at >= since);
  const deals: { [dealId: string]: Fields } = {};
  let contact: Fields = { id: events[0]?.facts?.contact?.id ?? '' };
  for (const { at, dealId, facts } of events) {
    if (at >= since) break;
    contact = facts?.contact ?? contact;
    if (dealId !== null && facts?.deal) deals[dealId] = facts.deal;
  }
  const [first] = events;
  if (first === undefined) return [];
  return [
    {
      persona: { contact, deals },
      coming: coming.map((event) => ({ at: event.at, happen: () => event })),
      beginsAt: Math.max(since, first.at),
      did: null,
    },
  ];
}

// One event from outside, judged: an input for the ledger, or a refusal with reason and path. All that is wrong with
// it is said at once: the first under its path, the others in `also`.
import type { z } from 'zod';
import type { EventInput, EventResult } from '../db/event-input.ts';
import { closest } from '../engine/spelling.ts';
import type { Fields } from '../engine/step.ts';
import type { Limits } from './deps.ts';
import type { EventShape } from './event-shape.ts';
import { type Flaw, findFlaw } from './json.ts';

export type Checked =
  | { readonly input: EventInput; readonly note: Flaw | null }
  | { readonly refused: EventResult };

/** What the ledger itself acts on; a slip next to it would be an event that nobody waits for. */
const known = ['deal.stage_changed'];
/**
 * What only Voronka may say. Believed from outside, such an event would end runs and suppress nobody. A reply, a click
 * or an answer may well come from another tool.
 */
const own =
  /^(run|score|call|voronka)\.|^contact\.(unsubscribed|consent_(asked|confirmed))$|^deal\.contact_changed$|^mail\.(sent|bounced|complained)$/;
const MOST_FLAWS = 5;

export function checkEvent(event: unknown, shape: EventShape, now: number, limits: Limits): Checked {
  const flaw = findFlaw(event, {
    depth: limits.eventDepth,
    keys: limits.eventKeys,
    text: limits.textLength,
  });
  if (flaw !== null) return refuse(event, [flaw]);
  const parsed = shape.safeParse(event);
  if (!parsed.success)
    return refuse(
      event,
      parsed.error.issues.flatMap((issue) => toFlaws(issue, shape)),
    );
  const flaws = [typeFlaw(parsed.data.type), pastFlaw(parsed.data.at)].filter((one) => one !== null);
  if (flaws.length > 0) return refuse(event, flaws);
  // JSON came in, and every shape keeps JSON.
  const input = parsed.data as unknown as EventInput;
  return input.at <= now + limits.aheadMs
    ? { input, note: null }
    : { input: { ...input, at: now }, note: { path: 'at', reason: ahead } };
}

function refuse(event: unknown, flaws: readonly Flaw[]): Checked {
  const [first, ...others] = flaws;
  return {
    refused: {
      id: idOf(event),
      status: 'refused',
      reason: first?.reason ?? 'is not an event',
      ...(first === undefined || first.path === '' ? {} : { path: first.path }),
      ...(others.length === 0 ? {} : { also: others.slice(0, MOST_FLAWS - 1) }),
    },
  };
}

/** Its own id where it has a sound one, so that the sender finds it; else empty. */
function idOf(event: unknown): string {
  const id = typeof event === 'object' && event !== null ? (event as Fields).id : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : '';
}

function toFlaws(issue: z.core.$ZodIssue, shape: EventShape): readonly Flaw[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, reason: issue.message }];
  const fields = fieldsAt(shape, issue.path[0]);
  return issue.keys.map((key) => ({
    path: path === '' ? key : `${path}.${key}`,
    reason: unknownField(key, issue.path[0], fields),
  }));
}

function unknownField(key: string, place: PropertyKey | undefined, fields: readonly string[]): string {
  const near = closest(key, fields);
  const custom = place === 'contact' || place === 'deal';
  const known = custom
    ? `The known ones: ${fields.join(', ')}. Declare others in workflows/facts.yaml.`
    : `An event has ${fields.join(', ')}; what else you know of it goes into data.`;
  return `is not a known field. ${near === null ? known : `Did you mean "${near}"?`}`;
}

function fieldsAt(shape: EventShape, place: PropertyKey | undefined): readonly string[] {
  const { contact, deal } = shape.shape;
  if (place === 'contact') return Object.keys(contact.shape);
  if (place === 'deal') return Object.keys(deal.unwrap().shape);
  return Object.keys(shape.shape);
}

function typeFlaw(type: string): Flaw | null {
  if (own.test(type))
    return {
      path: 'type',
      reason:
        'is a type that Voronka itself writes. To take back a consent, send contact.consent with the topic set to false',
    };
  const near = known.includes(type) ? null : closest(type, known);
  return near === null ? null : { path: 'type', reason: `is not a known type. Did you mean "${near}"?` };
}

/** A clock at its epoch, more often than a memory of the sixties. */
function pastFlaw(at: number): Flaw | null {
  return at < 0 ? { path: 'at', reason: 'lies before 1970' } : null;
}

const ahead = 'lies in the future; the event was taken as of the time it came in';

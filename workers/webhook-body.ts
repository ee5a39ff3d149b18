// What a call says and how it is signed: one JSON body, and the headers of Standard Webhooks (webhook-id,
// webhook-timestamp, webhook-signature: v1 and base64 HMAC-SHA256 of `id.timestamp.body`). The id is the delivery's, so
// that a call that is repeated can be told. Pure but for the hash.
import { createHmac } from 'node:crypto';
import type { CallField, CallRequest, TellRequest } from '../engine/requests.ts';
import type { Delivery, Facts, Fields, Json } from '../engine/step.ts';

/** Of the key `whsec_<base64>`, the bytes. Several while one is changed for another: each signs. */
export type WebhookKeys = readonly Buffer[];

export interface Said {
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

interface Occasion {
  readonly delivery: Delivery;
  readonly facts: Facts;
  readonly now: number;
}

export function writeCall(request: CallRequest | TellRequest, occasion: Occasion, keys: WebhookKeys): Said {
  const { id, createdAt } = occasion.delivery;
  const timestamp = new Date(createdAt).toISOString();
  const { type, data } = 'data' in request ? request : messageOf(request, occasion);
  const body = JSON.stringify({ type, timestamp, data });
  const seconds = String(Math.floor(occasion.now / 1000));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Voronka',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': keys.map((key) => `v1,${sign(key, `${id}.${seconds}.${body}`)}`).join(' '),
    },
  };
}

/** What the `call` step says. */
function messageOf({ fields }: CallRequest, { delivery, facts }: Occasion) {
  const read = Object.entries(fields).map(([name, field]): [string, Json] => [name, readField(field, facts)]);
  return {
    type: 'voronka.call',
    data: {
      workflow: delivery.workflow,
      step: delivery.node,
      contact: facts.contact.id ?? null,
      deal: facts.deal?.id ?? null,
      fields: Object.fromEntries(read),
    },
  };
}

function sign(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}

/** A fact that is not known is null. */
function readField(field: CallField, facts: Facts): Json {
  if ('value' in field) return field.value;
  let value: Json | undefined = facts as unknown as Json;
  for (const name of field.fact.split('.'))
    value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value ?? null;
}

const isRecord = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

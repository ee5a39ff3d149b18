// Events as the API takes them, and posting them: in batches of a thousand, or one by one.
import { identity } from '../test/harness/post.ts';

export interface BenchEvent {
  readonly id: string;
  readonly contact: { readonly id: string; readonly email: string };
  readonly [field: string]: unknown;
}

const names = ['Anna', 'Boris', 'Clara', 'Dmitri', 'Elena', 'Felix'];

/** `round` keeps contacts of different parts of the bench apart. */
export function makeEvents(round: string, count: number, stage: 'Lead' | 'Qualification'): BenchEvent[] {
  const at = new Date().toISOString();
  return Array.from({ length: count }, (_, i) => ({
    id: `bench-${round}-${i}`,
    type: 'deal.stage_changed',
    at,
    contact: {
      id: `c-${round}-${i}`,
      email: `c-${round}-${i}@${identity.domain}`,
      first_name: names[i % names.length],
      locale: 'en',
      timezone: 'Europe/Berlin',
      consent: { marketing: true },
    },
    deal: {
      id: `d-${round}-${i}`,
      pipeline: 'sales',
      stage,
      title: 'Pumps',
      amount: 500 + (i % 40) * 500,
      currency: 'EUR',
    },
  }));
}

export async function postEvents(url: string, key: string, events: readonly BenchEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 1000)
    await post(url, key, events.slice(from, from + 1000));
}

export async function post(url: string, key: string, body: unknown): Promise<void> {
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status !== 202) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

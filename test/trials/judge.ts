// The judgement of a trial, from outside: the sink's own record against a dump of the ledger.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Accepted } from '../harness/sink-record.ts';

export interface Judgement {
  readonly leads: number;
  readonly accepted: number;
  /** Leads without a mail, whose delivery is not on the list of unknowns. */
  readonly lost: number;
  /** Leads with two mails or more. */
  readonly twice: number;
  readonly unknown: number;
  /** Of the unknown, those that the sink has not. */
  readonly unknownNotAccepted: number;
  /** Rows that are still open, or deny what the sink has. */
  readonly untrue: number;
  readonly maimed: number;
}

export async function judge(
  db: Db,
  sink: readonly Accepted[],
  addresses: readonly string[],
): Promise<Judgement> {
  const { rows } = await sql<{ email: string; state: string }>`
    select contacts.email, deliveries.state from deliveries join contacts on contacts.id = deliveries.contact_id
    where contacts.email = any(${addresses}::text[])`.execute(db);
  const states = new Map(rows.map(({ email, state }) => [email, state]));
  const wanted = new Set(addresses);
  const own = sink.filter(({ to }) => wanted.has(to));
  const counts = new Map<string, number>();
  for (const { to } of own) counts.set(to, (counts.get(to) ?? 0) + 1);
  const has = (address: string) => counts.has(address);
  const isUnknown = (address: string) => states.get(address) === 'unknown';
  const count = (is: (address: string) => boolean) => addresses.filter(is).length;
  return {
    leads: addresses.length,
    accepted: own.length,
    lost: count((address) => !has(address) && !isUnknown(address)),
    twice: count((address) => (counts.get(address) ?? 0) > 1),
    unknown: count(isUnknown),
    unknownNotAccepted: count((address) => isUnknown(address) && !has(address)),
    untrue: count((address) => !['sent', 'unknown'].includes(states.get(address) ?? 'none')),
    maimed: own.filter(({ isWhole }) => !isWhole).length,
  };
}

/** Waits until no delivery is open, as an operator would: by asking. */
export async function untilOver(db: Db, deliveries: number, patienceMs: number): Promise<void> {
  const endAt = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await sql<{ over: number }>`
      select count(*)::int as over from deliveries where settled_at is not null`.execute(db);
    const over = rows[0]?.over ?? 0;
    if (over >= deliveries) return;
    if (performance.now() > endAt)
      throw new Error(`only ${over} of ${deliveries} were over after ${patienceMs} ms`);
    await pause(50);
  }
}

// From one try of some mails to the next, on a virtual clock, until each has come to its end: what was tried when, as the
// ledger's rows say.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { FastClock } from '../../cli/clock.ts';
import type { Db } from '../../db/connect.ts';
import { readRest } from '../../db/rest.ts';
import { dayMs } from '../harness/factories.ts';

export interface Place {
  readonly db: Db;
  readonly clock: FastClock;
  ring(name: 'advance' | 'deliver'): Promise<void>;
}

export interface Manner {
  /** After so many tries of each the clock leaps to the end of their lifetime; 0: never. */
  readonly leapAfter: number;
  /** After each round of tries, the first is 1. */
  onRound(round: number): Promise<void>;
}

export interface Row {
  readonly id: string;
  readonly email: string;
  readonly state: string;
  readonly attempt: number;
  readonly dueAt: number;
  readonly expiresAt: number;
  readonly settledAt: number | null;
  readonly why: string | null;
}

/** One that was not the last: how long it is to be waited for the next. */
export interface Try {
  readonly attempt: number;
  readonly waitMs: number;
}

export interface Walk {
  readonly rows: readonly Row[];
  readonly tries: readonly Try[];
}

const roundsAtMost = 1_000;

export async function walk(
  place: Place,
  addresses: readonly string[],
  { leapAfter, onRound }: Manner,
): Promise<Walk> {
  const { db, clock, ring } = place;
  const tries: Try[] = [];
  const seen = new Map<string, number>();
  await ring('advance');
  for (let round = 1; round < roundsAtMost; round++) {
    await untilAtRest(place);
    const rows = await readRows(db, addresses);
    const open = rows.filter((row) => row.settledAt === null);
    for (const { id, attempt, dueAt } of open)
      if (attempt > (seen.get(id) ?? 0)) {
        seen.set(id, attempt);
        tries.push({ attempt, waitMs: dueAt - clock.at() });
      }
    if (rows.length === addresses.length && open.length === 0) return await rest(place, addresses, tries);
    await onRound(round);
    clock.moveTo(nextLook(open, leapAfter));
    await ring('deliver');
  }
  throw new Error(`mails were tried ${roundsAtMost} times, and are not over`);
}

/** When all that is open is due; where all was tried often enough, just before the first one's end. */
function nextLook(open: readonly Row[], leapAfter: number): number {
  const isEnough = leapAfter > 0 && open.every((row) => row.attempt >= leapAfter);
  const dues = open.map((row) => row.dueAt);
  return isEnough
    ? Math.max(...dues, Math.min(...open.map((row) => row.expiresAt)) - 1_000)
    : Math.max(...dues);
}

/** Long after: what is unknown or refused is not tried again. */
async function rest(place: Place, addresses: readonly string[], tries: readonly Try[]): Promise<Walk> {
  place.clock.moveTo(place.clock.at() + dayMs);
  await place.ring('deliver');
  await untilAtRest(place);
  return { rows: await readRows(place.db, addresses), tries };
}

async function untilAtRest({ db, clock }: Place): Promise<void> {
  const endAt = performance.now() + 60_000;
  while (!(await readRest(db, clock.at())).isAtRest) {
    if (performance.now() > endAt) throw new Error('the workers do not come to rest');
    await pause(3);
  }
}

async function readRows(db: Db, addresses: readonly string[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select deliveries.id, email, state, attempt, ms(due_at) as "dueAt", ms(expires_at) as "expiresAt",
      ms(settled_at) as "settledAt", why
    from deliveries join contacts on contacts.id = contact_id
    where email = any(${addresses}::text[]) order by deliveries.id`.execute(db);
  return rows;
}

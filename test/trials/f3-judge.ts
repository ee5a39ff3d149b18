// What came of a cell's mails, against what should: the sink's record beside the ledger's rows, and the waits between tries
// against the two measures, written down here once more.
import type { Cell } from '../harness/cells.ts';
import { hourMs, minuteMs } from '../harness/factories.ts';
import type { Accepted } from '../harness/sink-record.ts';
import type { Row, Try, Walk } from './f3-walk.ts';

export interface CellReport {
  readonly [figure: string]: unknown;
  readonly name: string;
  readonly comesTo: Cell['comesTo'];
  readonly mails: number;
  readonly accepted: number;
  readonly twice: number;
  readonly maimed: number;
  readonly denied: number;
  readonly invented: number;
  /** While the server went on like that, and where it recovered: so many rows in each state; expired is refused at its lifetime's end. */
  readonly lasting: Readonly<Record<string, number>>;
  readonly passing: Readonly<Record<string, number>>;
  /** The most that one mail was tried. */
  readonly tries: number;
  readonly firstWaitMs: number | null;
  readonly lastWaitMs: number | null;
  readonly misses: readonly string[];
}

/** What the ledger's rows and the sink say of one server's mails. */
export interface Played extends Walk {
  readonly accepted: readonly Accepted[];
}

const measures = {
  relay: { firstMs: 15_000, longestMs: 15 * minuteMs },
  recipient: { firstMs: 5 * minuteMs, longestMs: 6 * hourMs },
} as const;

/** `isWhole`: walked to the end of the lifetime, try by try. */
export function judgeCell(cell: Cell, lasting: Played, passing: Played, isWhole: boolean): CellReport {
  const rows = [...lasting.rows, ...passing.rows];
  const accepted = [...lasting.accepted, ...passing.accepted];
  const times = (row: Row) => accepted.filter(({ to }) => to === row.email).length;
  const count = (is: (row: Row) => boolean) => rows.filter(is).length;
  const waits = lasting.tries.map((one) => one.waitMs);
  return {
    ...{ name: cell.name, comesTo: cell.comesTo, mails: rows.length, accepted: accepted.length },
    twice: count((row) => times(row) > 1),
    maimed: accepted.filter((one) => !one.isWhole).length,
    denied: count((row) => times(row) > 0 && !['sent', 'unknown'].includes(row.state)),
    invented: count((row) => times(row) === 0 && row.state === 'sent'),
    lasting: countStates(lasting.rows),
    passing: countStates(passing.rows),
    tries: Math.max(...rows.map((row) => row.attempt)),
    firstWaitMs: waits[0] ?? null,
    lastWaitMs: waits.at(-1) ?? null,
    misses: [...missesOf(cell, lasting, isWhole), ...missesPassing(cell, passing)],
  };
}

function countStates(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const state = isExpired(row) ? 'expired' : row.state;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** Refused by nobody: it was tried as long as it lived. */
function isExpired({ state, why }: Row): boolean {
  return state === 'refused' && why?.startsWith('its lifetime ended') === true;
}

/** Where the server goes on like that. */
function* missesOf({ comesTo, rule }: Cell, { rows, tries, accepted }: Played, isWhole: boolean) {
  const isRetried = comesTo === 'relay' || comesTo === 'recipient';
  const state = isRetried ? 'refused' : comesTo;
  if (rows.some((row) => row.state !== state)) yield `not all are ${state}`;
  const taken = comesTo === 'sent' || (comesTo === 'unknown' && rule.accept === true) ? rows.length : 0;
  if (accepted.length !== taken) yield `the sink has ${accepted.length}, not ${taken}`;
  if (!isRetried) {
    if (rows.some((row) => row.attempt !== 1)) yield 'tried again';
    return;
  }
  const measure = measures[comesTo];
  if (!rows.every(isExpired)) yield 'given up for another reason';
  if (rows.some((row) => row.attempt < 2)) yield 'not tried again';
  if (!tries.every((one) => isWithin(one, measure))) yield 'a wait is not of its measure';
  if (!areSpread(tries)) yield 'the waits are not spread';
  const isEarly = ({ settledAt, expiresAt }: Row) => (settledAt ?? 0) < expiresAt - measure.longestMs;
  if (isWhole && rows.some(isEarly)) yield 'given up before its lifetime ended';
}

/** Doubling from the first to the longest, each spread over half to all of itself. */
function isWithin(
  { attempt, waitMs }: Try,
  { firstMs, longestMs }: (typeof measures)['relay' | 'recipient'],
) {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return waitMs >= full / 2 - 1 && waitMs <= full + 1;
}

function areSpread(tries: readonly Try[]): boolean {
  const first = tries.filter((one) => one.attempt === 1).map((one) => one.waitMs);
  return new Set(first).size > 1;
}

/** Where it recovers: what can be sent again arrives, and nobody else's mail is harmed. */
function* missesPassing({ comesTo }: Cell, { rows }: Played) {
  const states = countStates(rows);
  const isFinal = comesTo === 'refused' || comesTo === 'unknown';
  const may = isFinal ? ['sent', comesTo] : ['sent'];
  if (rows.some((row) => !may.includes(row.state))) yield `after it, not all are ${may.join(' or ')}`;
  if (isFinal && states[comesTo] === undefined) yield `in passing, none is ${comesTo}`;
  if (states.sent === undefined) yield 'after it, nothing is sent';
}

const columns = [54, 12, 7, 14, 22, 7] as const;
const even = (words: readonly string[]) =>
  `${words
    .map((word, n) => word.padEnd(columns[n] ?? 0))
    .join('  ')
    .trimEnd()}\n`;

export const tableHead = even([
  'what the server does',
  'lasting',
  'tries',
  'waits, s',
  'passing',
  'taken',
  'amiss',
]);

/** One line of the table. */
export function toLine(one: CellReport): string {
  const states = (counts: CellReport['lasting']) =>
    Object.entries(counts)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ');
  const seconds = (ms: number) => Math.round(ms / 1_000);
  const { firstWaitMs: first, lastWaitMs: last } = one;
  const waits = first === null || last === null ? '' : `${seconds(first)} to ${seconds(last)}`;
  const amiss = one.misses.join('; ') || String(one.twice + one.maimed + one.denied + one.invented);
  return even([
    ...[one.name, states(one.lasting), String(one.tries), waits, states(one.passing)],
    ...[String(one.accepted), amiss],
  ]);
}

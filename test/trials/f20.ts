// F20: contacts who used everything, and then every other one of them erased. Judged from outside: all that the database,
// Redis and the logs hold is searched for the words of the erased; the others' words, found everywhere, show that the
// search sees. Then people are erased in the middle of sends (f20-race.ts).
import { sql } from 'kysely';
import { hash, minuteMs } from '../harness/factories.ts';
import { addressOf, comeBack, comeLate, keyOf, liveAll, readMails, wordOf } from './f20-life.ts';
import { raceErasures } from './f20-race.ts';
import { dumpRedis, type Found, searchLedger } from './f20-search.ts';
import { openStage } from './f20-stage.ts';
import type { Ground } from './ground.ts';
import { defineTrial, type Report } from './trial.ts';

/** Where words of an erased contact may stand: what proves its consent. */
const proof = ['consents.how', 'consents.place', 'consents.agent', 'consent_texts.text'];
/** Where a life leaves words. A search that misses one of them in those who stayed proves nothing. */
const lived = [
  ...['contacts.email', 'contacts.fields', 'contacts.key', 'consents.source_id', 'deals.fields', 'deals.key'],
  ...['deals.title', 'deliveries.reply', 'events.data', 'events.source_id', 'send_slots.scope'],
  ...['survey_answers.comment', 'tasks.notes', 'tasks.title', 'consent_texts.text'],
];
/** Where the keyed hash of its address may stand. */
const hashed = ['suppressions.address_hash', 'consents.address_hash'];

export interface ErasureReport extends Report {
  readonly erased: number;
  /** Rows, keys, commands and lines with a word of theirs, but for the proof. */
  readonly hits: number;
  readonly where: readonly string[];
  /** Of the proof, and of the keyed hash: where it stands. */
  readonly kept: readonly string[];
  /** Columns in which the words of those who stayed were found: the search sees. */
  readonly seen: readonly string[];
  /** Mails to the erased after it, though they came back by an import. */
  readonly mailsAfter: number;
  /** Columns that still have their number, beside the consent log. */
  readonly numbers: number;
  /** Mails that followed the commit of an erasure, when all of a crowd are erased in the middle of their mails. */
  readonly after: number;
}

export async function runErasure(
  ground: Ground,
  { people, sends, seed }: { people: number; sends: number; seed: number },
): Promise<ErasureReport> {
  const judged = await liveAndErase(ground, people);
  return { ...judged, ...(await raceErasures(ground, { sends, seed })) };
}

async function liveAndErase(ground: Ground, people: number) {
  const { db, redisUrl } = ground;
  const world = await openStage(ground);
  const { stage, sink } = world;
  const all = Array.from({ length: people }, (_, n) => n + 1);
  const erased = all.filter((n) => n % 2 === 1);
  try {
    sink.use(
      ...all.map((n) => ({ at: 'dot' as const, match: addressOf(n), reply: `250 <${addressOf(n)}> ok` })),
    );
    await liveAll(stage, all);
    await stage.untilWritten();
    const mails = await readMails(sink.accepted);
    const ids = await readIds(db, erased.map(keyOf));
    for (const n of erased) await stage.ask('DELETE', `/v1/contacts/${keyOf(n)}`, { scope: 'admin' });
    for (const n of erased) await comeLate(stage, n, mails.get(addressOf(n)) ?? []);
    await stage.pass(minuteMs);
    const said = [...world.lines, ...world.commands, ...(await dumpRedis(redisUrl))];
    const spoken = said.filter((line) => erased.some((n) => line.includes(wordOf(n)))).length;
    const judged = await judgeLedger(db, all, erased, spoken);
    const numbers = await countNumbers(db, ids);
    const before = sink.accepted.length;
    for (const n of erased) await comeBack(stage, n);
    await stage.pass(minuteMs);
    const again = sink.accepted.slice(before).filter(({ to }) => erased.some((n) => addressOf(n) === to));
    return {
      ...judged,
      numbers,
      mailsAfter: again.length,
      lines: world.lines.length,
      commands: world.commands.length,
      calls: world.calls.length,
    };
  } finally {
    await world.close();
  }
}

async function judgeLedger(
  db: Ground['db'],
  all: readonly number[],
  erased: readonly number[],
  spoken: number,
) {
  const search = await searchLedger(db, [...all.map(wordOf), ...erased.map(hashOf)]);
  const words = erased.flatMap((n) => Object.entries(search.get(wordOf(n)) ?? {}));
  const hashes = erased.flatMap((n) => Object.entries(search.get(hashOf(n)) ?? {}));
  const bad = [
    ...words.filter(([place]) => !proof.includes(place)),
    ...hashes.filter(([place]) => !hashed.includes(place)),
  ];
  const others = all.filter((n) => !erased.includes(n)).map((n) => search.get(wordOf(n)) ?? {});
  return {
    erased: erased.length,
    hits: bad.reduce((sum, [, rows]) => sum + rows, spoken),
    where: namesOf(bad),
    kept: namesOf([...words, ...hashes]).filter((place) => proof.includes(place) || hashed.includes(place)),
    seen: namesOf(others.flatMap((found: Found) => Object.entries(found))),
  };
}

const namesOf = (places: readonly (readonly [string, number])[]) =>
  [...new Set(places.map(([name]) => name))].sort();
const hashOf = (n: number) => hash(addressOf(n)).toString('hex');

async function readIds(db: Ground['db'], keys: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select id from contacts where key = any(${keys}::text[])`.execute(db);
  return rows.map(({ id }) => id);
}

/** In any table but the log of proofs. */
async function countNumbers(db: Ground['db'], ids: readonly string[]): Promise<number> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'contact_id' and table_name <> 'consents'`.execute(db);
  let count = 0;
  for (const { name } of tables) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(name)} where contact_id = any(${ids}::bigint[])`.execute(db);
    count += rows[0]?.n ?? 0;
  }
  return count;
}

export const isErasureMet = (report: ErasureReport): boolean =>
  report.hits + report.mailsAfter + report.numbers + report.after === 0 &&
  lived.every((place) => report.seen.includes(place));

export const f20 = defineTrial({
  name: 'F20',
  says: 'contacts who used everything are erased; their words in dump, Redis and logs: 0, but for the proof of consent',
  options: { people: 40, sends: 3_000 },
  run: (options, ground) => runErasure(ground, options),
  isMet: isErasureMet,
});

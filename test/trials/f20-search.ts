// Looks for words in everything that an install keeps: every column of every table, as text, in hexadecimal and in base64,
// and in every command that Redis was ever given. It knows no table by name, so that it also finds what is added later.
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';

/** `table.column` to the number of rows in which the word stands. */
export type Found = { readonly [place: string]: number };

/** Small letters and digits alone, at least six: so that it stands in any notation as it is. */
export async function searchLedger(db: Db, words: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const { rows: tables } = await sql<{ place: string; name: string }>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as place, table_name as name
    from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(db);
  const searched = words.map((word) => ({ forms: formsOf(word), places: {} as { [place: string]: number } }));
  for (const { place, name } of tables) {
    const { rows } = await sql<{ column: string; value: string }>`
      select field.key as column, lower(field.value) as value from ${sql.raw(place)} as one, jsonb_each_text(to_jsonb(one)) as field
      where field.value is not null`.execute(db);
    for (const { column, value } of rows)
      for (const { forms, places } of searched)
        if (forms.some((form) => value.includes(form)))
          places[`${name}.${column}`] = (places[`${name}.${column}`] ?? 0) + 1;
  }
  return new Map(words.map((word, n) => [word, searched[n]?.places ?? {}]));
}

/** The text, its bytes in hexadecimal, and the part of its base64 that is the same wherever it begins. Lower case. */
function formsOf(word: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${word}`)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [word, Buffer.from(word).toString('hex'), ...base64].map((form) => form.toLowerCase());
}

/** Writes down every command that the server gets from now on. */
export async function watchRedis(url: string | undefined) {
  if (url === undefined) return { commands: [], stop: () => undefined };
  const redis = new Redis(url);
  const watcher = await redis.monitor();
  const commands: string[] = [];
  watcher.on('monitor', (_at: string, command: readonly string[]) => commands.push(command.join(' ')));
  const stop = () => {
    watcher.disconnect();
    redis.disconnect();
  };
  return { commands, stop };
}

/** Every key with what it holds. */
export async function dumpRedis(url: string | undefined): Promise<readonly string[]> {
  if (url === undefined) return [];
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    return await Promise.all(keys.map(async (key) => `${key} ${await readKey(redis, key)}`));
  } finally {
    redis.disconnect();
  }
}

async function readKey(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key);
  const reads: { readonly [type: string]: () => Promise<unknown> } = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, '0', '-1', 'WITHSCORES'),
    stream: () => redis.xrange(key, '-', '+'),
    none: async () => null,
  };
  const read = reads[type];
  if (read === undefined) throw new Error(`Redis holds a ${type}, which this search cannot read`);
  return JSON.stringify(await read());
}

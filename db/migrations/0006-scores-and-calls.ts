// Scores that run along with the events, and deliveries that are no mail to the contact.
import { type Kysely, sql } from 'kysely';

// A delivery whose worker does not write to the contact's address is not stopped by suppressing it. The default is a
// constant, so adding the column rewrites nothing; the lock is held for an instant.
const calls = 'alter table deliveries add column to_contact boolean not null default true';

// What a contact's score needs beside its facts: the points that stand for each rule (state), the rules they were counted
// under, by hash, and on which side of each level that workflows listen to it was last seen (levels). One narrow row for
// each contact, found by its key alone; it changes with every event that counts, so three tenths of a page stay free
// and no index is touched (HOT). It goes when the contact goes.
const scores = `
create table scores (
  contact_id bigint primary key references contacts on delete cascade,
  rules      text not null,
  state      jsonb not null,
  levels     jsonb not null
) with (fillfactor = 70);
`;

// How far counting anew has come after the rules were changed: one row, read by every sweep. Contacts are gone through
// in order of id; after_id is the last one done.
const rescans = `
create table rescans (
  started_at  timestamptz not null,
  finished_at timestamptz,
  after_id    bigint not null default 0,
  contacts    bigint not null,
  done        bigint not null default 0,
  rules       text not null,
  single      boolean primary key default true check (single)
);
`;

// What was learnt from decided deals. Bodies are json: nothing looks inside them.
const models = `
create table models (
  trained_at timestamptz not null,
  name       text primary key,
  body       json not null,
  report     json not null
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [calls, scores, rescans, models]) await sql.raw(part).execute(db);
}

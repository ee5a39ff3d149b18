// `voronka import` over a real ledger: it rehearses first, takes rows whole or not at all, says what it refused, changes
// nothing the second time, and wakes nobody who was not asked for.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { record } from '../../../db/events.ts';
import { greetingFile, pipelinesFile, useDefinitions } from '../../harness/definitions.ts';
import { hash, makeStageChange, monday, sales } from '../../harness/factories.ts';
import { emptyLedger } from '../../harness/ledger.ts';
import { freshLedger } from '../../harness/postgres.ts';
import { openTerminal } from '../terminal.ts';

const { db, url } = await freshLedger();
const folder = mkdtempSync(join(tmpdir(), 'voronka-import-'));
const path = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(path(name), text);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const map = `import: deals
name: crm
dates: M/D/YYYY
as_of: 2017-12-31
contact:
  id: { column: account, otherwise: "no-account-{id}" }
  company: account
deal:
  id: id
  owner: agent
  amount: value
  product: { column: product, rename: { GTXPro: GTX Pro } }
stages:
  - { stage: Lead, at: engaged, only_if: { stage: Prospecting } }
  - { stage: Qualification, at: engaged, only_if: { stage: [Engaging, Won, Lost] } }
  - { stage: Won, at: closed, only_if: { stage: Won } }
  - { stage: Lost, at: closed, only_if: { stage: Lost } }
`;
const csv = `id,agent,product,account,stage,engaged,closed,value
d1,Moses,GTXPro,Isdom,Won,10/20/2016,3/1/2017,"4,514"
d2,Moses,GTX Pro,Isdom,Lost,10/25/2016,3/11/2017,0
d3,Darcel,MG,,Engaging,11/1/2016,,
d4,=1+1,MG,Cancity,Prospecting,,,
d5,Darcel,MG,Cancity,Won,31/12/2016,3/1/2017,100
d6,Darcel,MG,Cancity,Wno,1/2/2017,3/1/2017,100
`;

beforeAll(async () => {
  write('map.yaml', map);
  write('deals.csv', csv);
  const facts = { path: 'facts.yaml', text: 'deal:\n  product: text\n' };
  await useDefinitions(db, monday, [pipelinesFile, facts, greetingFile]);
});
beforeEach(() => emptyLedger(db));

async function run(...argv: string[]) {
  const env = {
    DATABASE_URL: url,
    LOG_LEVEL: 'silent',
    VORONKA_SECRET: 's'.repeat(48),
    VORONKA_HOME: folder,
  };
  const terminal = openTerminal(env);
  const code = await main(['import', ...argv], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}
const deals = (...more: string[]) => run('deals', path('deals.csv'), '--map', path('map.yaml'), ...more);

async function held() {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*)::int from contacts) as contacts, (select count(*)::int from deals) as deals,
      (select count(*)::int from events) as events, (select count(*)::int from stage_history) as moves,
      (select count(*)::int from unread) as unread, (select count(*)::int from agenda) as due,
      (select count(*)::int from runs) as runs`.execute(db);
  return rows[0];
}

it('says what it would do, and writes nothing', async () => {
  const { code, out } = await deals();
  expect(code).toBe(1);
  expect(out).toMatch(/6 rows: 4 would be imported \(6 events\), 0 are in the ledger already, 2 refused/);
  expect(out).toMatch(/Deals by stage: .*Won 1.*50.00 % of the closed are won/);
  expect(out).toMatch(/voronka import deals .* --apply/);
  expect(await held()).toMatchObject({ contacts: 0, deals: 0, events: 0 });
});

it('takes what is sound and wakes nobody', async () => {
  const { out } = await deals('--apply', '--json');
  expect(JSON.parse(out)).toMatchObject({
    rows: 6,
    taken: 4,
    known: 0,
    refused: 2,
    events: 6,
    won: 1,
    lost: 1,
  });
  expect(await held()).toEqual({ contacts: 3, deals: 4, events: 6, moves: 6, unread: 0, due: 0, runs: 0 });
  const { rows } = await sql`
    select key, stage, amount::int, fields from deals where key = 'd1'`.execute(db);
  expect(rows).toEqual([{ key: 'd1', stage: 'Won', amount: 4514, fields: { product: 'GTX Pro' } }]);
});

it('changes nothing the second time', async () => {
  await deals('--apply');
  const before = await sql`select * from deals order by id`.execute(db);
  const { out } = await deals('--apply', '--json');
  expect(JSON.parse(out)).toMatchObject({ taken: 0, known: 4, events: 0 });
  expect((await sql`select * from deals order by id`.execute(db)).rows).toEqual(before.rows);
});

it('goes on where an earlier import was broken off', async () => {
  write('part.csv', csv.split('\n').slice(0, 2).join('\n'));
  await run('deals', path('part.csv'), '--map', path('map.yaml'), '--apply');
  const { out } = await deals('--apply', '--json');
  expect(JSON.parse(out)).toMatchObject({ taken: 3, known: 1, events: 4 });
  expect(await held()).toMatchObject({ events: 6, deals: 4 });
});

it('lists what it refused with its reasons, ready to be mended, and what is untidy', async () => {
  await deals('--rejects', path('rejects.csv'), '--untidy', path('untidy.csv'));
  const rejects = readFileSync(path('rejects.csv'), 'utf8').trim().split('\r\n');
  expect(rejects[0]).toBe('import_line,import_reasons,id,agent,product,account,stage,engaged,closed,value');
  expect(rejects[1]).toMatch(/^6,"?engaged: ""31\/12\/2016"" is no date/);
  expect(rejects[2]).toMatch(/^7,"?stages: no stage of the map fits stage ""Wno""/);
  const untidy = readFileSync(path('untidy.csv'), 'utf8');
  expect(untidy).toMatch(/^2,"product: ""GTXPro"" is taken as ""GTX Pro"""/m);
  expect(untidy).toMatch(/^4,"account: is empty: taken as ""no-account-d3""/m);
  const { out } = await run('deals', path('rejects.csv'), '--map', path('map.yaml'), '--json');
  expect(JSON.parse(out)).toMatchObject({ rows: 2, refused: 2 });
});

it('lets the imported start workflows where it is asked to', async () => {
  await deals('--apply', '--enter');
  expect(await held()).toMatchObject({ unread: 6, due: 3 });
});

it('leaves the time at which a contact is due, and what it has not read, as they were', async () => {
  const now = Date.now();
  await record(db, [makeStageChange('Lead', { at: monday, contact: { id: 'Isdom' } })], {
    now,
    hash,
    pipelines: [sales],
  });
  const agenda = await sql`select contact_id, ms(due_at) as at from agenda`.execute(db);
  await deals('--apply');
  expect((await sql`select contact_id, ms(due_at) as at from agenda`.execute(db)).rows).toEqual(agenda.rows);
  expect(await held()).toMatchObject({ contacts: 3, unread: 1, due: 1 });
  // Somebody who waits for nothing waits for nothing still.
  await sql`delete from agenda`.execute(db);
  write('later.csv', csv.replaceAll(/^d/gm, 'e'));
  await run('deals', path('later.csv'), '--map', path('map.yaml'), '--apply');
  expect(await held()).toMatchObject({ deals: 9, due: 0 });
});

it('imports contacts with their consents, and events from NDJSON', async () => {
  write('contacts.csv', 'id;mail;ok\nc-1;anna@acme.example;yes\nc-2;boris@acme.example;maybe\n');
  write(
    'contacts.yaml',
    'import: contacts\nname: people\nas_of: 2026-01-01\ncontact: { id: id, email: mail, consent.news: ok }\n',
  );
  const people = await run(
    'contacts',
    path('contacts.csv'),
    '--map',
    path('contacts.yaml'),
    '--apply',
    '--json',
  );
  expect(JSON.parse(people.out)).toMatchObject({ taken: 1, refused: 1 });
  const { rows } = await sql`select key, email, consent from contacts`.execute(db);
  expect(rows).toEqual([{ key: 'c-1', email: 'anna@acme.example', consent: { news: true } }]);

  write(
    'events.ndjson',
    '{"n": 7, "what": "webinar.attended", "who": {"id": "c-1"}, "when": "2026-01-02T10:00:00Z"}\n',
  );
  write(
    'events.yaml',
    'import: events\nname: webinars\nid: n\ntype: what\nat: when\ncontact: { id: who.id }\n',
  );
  const { code } = await run('events', path('events.ndjson'), '--map', path('events.yaml'), '--apply');
  expect(code).toBe(0);
  const { rows: events } = await sql`select type, source_id as id from events order by id`.execute(db);
  expect(events).toContainEqual({ type: 'webinar.attended', id: 'import:webinars:7' });
});

it('says everything that is wrong with a map before it reads a row', async () => {
  write('wrong.yaml', map.replace('dates: M/D/YYYY', 'dates: MM/YYYY').replace('name: crm', 'nmae: crm'));
  const { code, err } = await run('deals', path('deals.csv'), '--map', path('wrong.yaml'));
  expect(code).toBe(2);
  expect(err).toMatch(/`nmae` means nothing here/);
  expect(err).toMatch(/names a year/);
  write('stage.yaml', map.replace('stage: Lead', 'stage: Laed'));
  const stage = await run('deals', path('deals.csv'), '--map', path('stage.yaml'));
  expect(stage.err).toMatch(/"Laed" is not a stage of sales/);
  write('column.yaml', map.replace('owner: agent', 'owner: agnet'));
  const column = await run('deals', path('deals.csv'), '--map', path('column.yaml'));
  expect(column.err).toMatch(/agnet: did you mean agent\?/);
  const kind = await run('contacts', path('deals.csv'), '--map', path('map.yaml'));
  expect(kind.err).toMatch(/this map is of deals/);
  expect((await run('deals', path('none.csv'), '--map', path('map.yaml'))).code).toBe(2);
});

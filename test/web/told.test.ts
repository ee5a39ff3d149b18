// What became of a mail, and who looked at it, as the contact's page and `voronka why` tell it.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { claim } from '../../db/deliveries.ts';
import { settle } from '../../db/settle.ts';
import { readContactPast } from '../../db/why.ts';
import { noRules } from '../../engine/sending.ts';
import { contactPage } from '../../web/pages/contact.ts';
import { openTerminal } from '../cli/terminal.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db, url } = await freshLedger();
const rules = { ...noRules, caps: [{ topic: null, count: 1, ms: 7 * dayMs }] };
const minuteMs = 60_000;

async function send(now: number): Promise<void> {
  const token = randomUUID();
  const claimed = await claim(db, { now, limit: 10, token, leaseMs: minuteMs, rules });
  const said = claimed.map(({ delivery: { id } }) => ({
    id,
    token,
    outcome: { is: 'sent', reply: '250 ok' } as const,
  }));
  await settle(db, said, now);
}

beforeAll(async () => {
  await makeContacts(db, 1, { dueAt: null });
  const first = await makeDelivery(db);
  await makeDelivery(db, { node: 'second' });
  await send(monday);
  await send(monday + minuteMs);
  await send(monday + 7 * dayMs);
  const later = { due_at: new Date(monday + 7 * dayMs), expires_at: new Date(monday + 9 * dayMs) };
  await makeDelivery(db, { node: 'third', ...later });
  await send(monday + 7 * dayMs + minuteMs);
  await sql`insert into targets (id, created_at, template, locale, position, beside, url)
    values ('prices', now(), 'intro', 'en', 0, 1, 'https://acme.example/prices')`.execute(db);
  await sql`
    insert into hits (delivery_id, at, judged_at, kind, target, method, class, signs, reasons)
    select ${first}, instant(${monday}) + n * interval '1 minute', now(), kind, target, 'GET', class, '{}', reasons::text[]
    from (values (1, 'click', 'prices', 'scanner', '{"asked with HEAD","a known scanner"}'),
      (2, 'click', 'prices', 'scanner', '{"asked with HEAD","a known scanner"}'), (3, 'click', 'trap', 'scanner', '{}'),
      (4, 'open', null, 'proxy', '{"a proxy that loads every picture"}'), (5, 'click', 'prices', 'human', '{}'))
      as said(n, kind, target, class, reasons)`.execute(db);
});

const told = [
  'clicked https://acme.example/prices twice: a machine (asked with HEAD; a known scanner)',
  'clicked the hidden link: a machine',
  'opened: a mail proxy (a proxy that loads every picture)',
  'clicked https://acme.example/prices: a person',
  'late: it waited its turn: one contact gets at most 1 mail in 7 days',
];

it('the page and `why` say why a mail was late, why one waits, and who opened and clicked', async () => {
  const past = await readContactPast(db, 'c-1');
  if (past === null) throw new Error('the contact is gone');
  const page = contactPage(past, [], false);
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
  expect(await main(['why', 'c-1'], terminal.streams)).toBe(0);
  for (const line of told) {
    expect(terminal.out()).toContain(line);
    expect(page).toContain(line);
  }
  expect(terminal.out()).toContain('nurture / second: sent, late');
  expect(terminal.out()).toContain('(asked for 2026-11-23 10:00 UTC)');
  expect(terminal.out()).toContain(
    'nurture / third: deferred, waits its turn: one contact gets at most 1 mail',
  );
});

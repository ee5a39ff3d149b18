// The list of mails of which nobody knows whether they left, as an operator works it off.
import { expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { deriveSecrets } from '../../cli/secrets.ts';
import { eraseContact } from '../../db/erasure.ts';
import { readMessageId } from '../../mail/marks.ts';
import { monday } from '../harness/factories.ts';
import { makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const secret = 'a-secret-of-this-test-alone-that-is-long-enough';
const sender = { MAIL_FROM: 'Acme <hello@acme.example>' };

async function run(...argv: string[]) {
  const terminal = openTerminal({
    DATABASE_URL: url,
    LOG_LEVEL: 'silent',
    VORONKA_SECRET: secret,
    ...sender,
  });
  const code = await main(['unknown', ...argv], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

it('names the message to look for, says what to do, and knows who was erased', async () => {
  await makeContacts(db, 2, { dueAt: null });
  const at = { settled_at: new Date(monday), unknown_at: new Date(monday) };
  const unknown = { state: 'unknown' as const, why: 'no reply after the last dot', ...at };
  const [sent, unsent] = [
    await makeDelivery(db, unknown),
    await makeDelivery(db, { ...unknown, contact_id: '2' }),
  ];
  const [first] = JSON.parse((await run('list', '--json')).out);
  expect(first.messageId).toMatch(/@acme\.example>$/);
  expect(readMessageId(first.messageId, deriveSecrets([secret]).links)).toBe(sent);

  await eraseContact(db, 'c-2', monday);
  const { out } = await run('list');
  expect(out).toContain(first.messageId);
  expect(out).toContain('2026-11-23 10:00 UTC');
  expect(out).toContain('(erased)');
  expect(out).toContain('voronka unknown settle <mail> --sent');
  expect(await run('settle', sent, '--sent')).toMatchObject({ code: 0, out: '1 settled as sent.\n' });
  expect(await run('settle', sent, unsent, '--not-sent')).toMatchObject({
    code: 1,
    out: '1 settled as not sent.\n',
    err: expect.stringContaining(`Not unknown, so left as they are: ${sent}`),
  });
  expect((await run('list')).out).toContain('None');
});

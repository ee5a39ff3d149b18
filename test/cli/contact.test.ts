// Erasing from the terminal: told first, done on --confirm, and the proof is still to be found by the address.
import { expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { deriveSecrets } from '../../cli/secrets.ts';
import { record } from '../../db/events.ts';
import { makeEvent, makeStageChange, monday, sales } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const secret = 'a-secret-of-this-test-alone-that-is-long-enough';
const hash = deriveSecrets([secret]).hashAddress;

async function run(...argv: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent', VORONKA_SECRET: secret });
  const code = await main(argv, terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

it('says what would go, does it on --confirm, and finds the proof by the address', async () => {
  const contact = {
    id: 'c 17',
    email: 'anna@acme.example',
    consent: { marketing: true },
    consent_proof: { how: 'sign-up form', text: 'Write to me.' },
  };
  await record(db, [makeStageChange('Lead', { contact })], { now: monday, hash, pipelines: [sales] });
  const twin = makeEvent({ contact: { id: 'c-18', email: contact.email } });
  await record(db, [twin], { now: monday, hash, pipelines: [sales] });
  const told = await run('contact', 'erase', 'c 17');
  expect(told.out).toContain(
    '1 other contact has the same address: not erased, and not written to any more.',
  );
  expect(told.code).toBe(0);
  expect(told.out).toContain('1 deal: title, own fields and id');
  expect(told.out).toContain("Nothing was changed. Do it: voronka contact erase 'c 17' --confirm");
  expect((await run('consent', 'show', 'c 17')).out).toContain('sign-up form');

  const done = JSON.parse((await run('contact', 'erase', 'c 17', '--confirm', '--json')).out);
  expect(done).toMatchObject({ erased: true, found: { deals: 1, consents: 1 } });
  expect(await run('contact', 'erase', 'c 17')).toMatchObject({ code: 1 });
  expect((await run('consent', 'show', 'c 17')).err).toContain('for one who was erased, --address');
  const proof = JSON.parse((await run('consent', 'show', '--address', 'Anna@acme.example', '--json')).out);
  expect(proof.consents).toMatchObject([{ topic: 'marketing', how: 'sign-up form', text: 'Write to me.' }]);
  expect(await run('consent', 'show')).toMatchObject({ code: 2 });
});

// The key that signs: made, published, read back from the environment, and used on what leaves, as a second
// implementation sees it.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openClosings } from '../../cli/closings.ts';
import { readConfig } from '../../cli/config.ts';
import { main } from '../../cli/main.ts';
import { openPost } from '../../cli/post.ts';
import { deriveSecrets } from '../../cli/secrets.ts';
import { startSink } from '../harness/sink.ts';
import { message, yes } from '../mail/outgoing.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-dkim-'));
const generate = async (...more: string[]) => {
  const terminal = openTerminal();
  const code = await main(['dkim', 'generate', ...more], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
};

it('a key is made for its owner alone, and what leaves is signed with it', async () => {
  const file = join(folder, 'signing.pem');
  const named = ['--domain', 'acme.example', '--selector', 'v2026', '--out', file];
  const { code, out } = await generate(...named, '--json');
  expect(code).toBe(0);
  const made = JSON.parse(out);
  expect(made).toMatchObject({ name: 'v2026._domainkey.acme.example', file });
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const sink = await startSink({ keepBodies: true });
  const env = {
    SMTP_URL: sink.url,
    DKIM_KEY_FILE: file,
    DKIM_SELECTOR: 'v2026',
    MAIL_FROM: 'Acme <hello@acme.example>',
  };
  const log = pino({ level: 'silent' });
  const closings = openClosings(log);
  const deps = { config: readConfig(env), log, closings, streams: openTerminal(env).streams };
  const secrets = deriveSecrets(['a secret for tests, of more than 32 characters']);
  const post = openPost(deps, secrets, null, 'https://mail.acme.example');
  expect(await post.transport.send(message(), yes)).toMatchObject({ is: 'accepted' });
  await closings.close();
  const resolver = async (name: string) => [[name === made.name ? made.value : '']];
  const { results } = await dkimVerify(Buffer.from(sink.accepted[0]?.raw ?? '', 'latin1'), { resolver });
  expect(results.map((one) => one.status.result)).toEqual(['pass']);
  await sink.close();

  const again = await generate(...named);
  expect(again).toMatchObject({ code: 2, out: '' });
  expect(again.err).toContain('exists already');
});

it('what is wrong with the settings of signing is said at once, without the key', () => {
  const { privateKey: weak } = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'weak.pem'), weak);
  const complaintOf = (env: Record<string, string>) => {
    try {
      readConfig(env);
    } catch (error) {
      return String((error as Error).message);
    }
    return '';
  };
  const both = complaintOf({
    DKIM_KEY: 'not a key, but private',
    DKIM_KEY_FILE: join(folder, 'weak.pem'),
    DKIM_DOMAIN: 'acme',
    DKIM_SELECTOR: 'a b',
  });
  expect(both).toContain('DKIM_KEY holds no private key in PEM');
  expect(both).toContain('DKIM_KEY_FILE holds an RSA key of 1024 bits');
  expect(both).toContain('DKIM_DOMAIN "acme" is not a domain');
  expect(both).toContain('DKIM_SELECTOR "a b" is not a selector');
  expect(both).toContain('both set');
  expect(both).not.toContain('but private');
  expect(complaintOf({ DKIM_KEY_FILE: '/nowhere.pem' })).toContain('which does not exist');
  expect(complaintOf({ DKIM_DOMAIN: 'acme.example' })).toContain('no key is');
});

it('a key in a variable may have its line breaks written out', async () => {
  const file = join(folder, 'inline.pem');
  await generate('--out', file);
  const pem = readFileSync(file, 'utf8');
  expect(readConfig({ DKIM_KEY: pem.replaceAll('\n', '\\n') }).dkim?.privateKey).toBe(pem);
});

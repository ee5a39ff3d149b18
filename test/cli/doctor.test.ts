// The doctor from the command line, with DNS from a file and a relay in the process: what it finds, what it says to
// publish, and the exit code that a deployment can stand on.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { probeRelay } from '../../mail/doctor/probe.ts';
import { readZone } from '../../mail/doctor/zone.ts';
import { startSink } from '../harness/sink.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-doctor-'));
const run = async (args: string[], env: Record<string, string> = {}) => {
  const terminal = openTerminal(env);
  const code = await main(args, terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
};
const key = join(folder, 'dkim.pem');
const { record } = await run(['dkim', 'generate', '--domain', 'acme.example', '--out', key, '--json']).then(
  ({ out }) => {
    const { name, value } = JSON.parse(out);
    return { record: `${name}. IN TXT ( "${value.slice(0, 200)}" "${value.slice(200)}" )` };
  },
);
const zone = (...without: string[]) => {
  const lines = [
    '; what acme.example publishes',
    'bounce.acme.example. 300 IN TXT "v=spf1 ip4:192.0.2.7 -all" ; for the return path',
    record,
    '_dmarc.acme.example. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@acme.example"',
    'Bounce.Acme.example. MX 10 mx.acme.example.',
    'mx.acme.example. A 192.0.2.9',
    'out.acme.example. A 192.0.2.7',
    '7.2.0.192.in-addr.arpa. PTR out.acme.example.',
  ].filter((line) => !without.some((part) => line.includes(part)));
  const file = join(folder, `zone-${without.join('-').replace(/\W/g, '')}.txt`);
  writeFileSync(file, lines.join('\n'));
  return file;
};
const env = {
  MAIL_FROM: 'Acme <hello@acme.example>',
  MAIL_BOUNCE_DOMAIN: 'bounce.acme.example',
  PUBLIC_URL: 'https://mail.acme.example',
  DKIM_KEY_FILE: key,
};
const look = (file: string, more: Record<string, string> = {}) =>
  run(['doctor', 'acme.example', '--resolver', file, '--ip', '192.0.2.7', '--json'], { ...env, ...more });
const verdicts = (out: string) =>
  Object.fromEntries(
    JSON.parse(out).findings.map((one: { check: string; verdict: string }) => [one.check, one.verdict]),
  );

describe('the doctor', () => {
  it('lets a well-kept domain go, and names what it could not see', async () => {
    const { code, out } = await look(zone());
    expect(verdicts(out)).toEqual({
      ...{ spf: 'good', dkim: 'good', dmarc: 'good', ptr: 'good', mx: 'good' },
      ...{ tls: 'unknown', unsubscribe: 'good' },
    });
    expect(code).toBe(0);
  });

  it.each([
    ['spf1', 'spf'],
    ['_domainkey', 'dkim'],
    ['_dmarc', 'dmarc'],
    ['PTR', 'ptr'],
    ['MX', 'mx'],
  ])('stops where the %s record is missing, and says what to publish', async (part, check) => {
    const { code, out } = await look(zone(part));
    expect(code).toBe(1);
    const { findings } = JSON.parse(out);
    const bad = findings.filter((one: { verdict: string }) => one.verdict === 'bad');
    expect(bad.map((one: { check: string }) => one.check)).toEqual([check]);
    expect(bad[0].publish).toBeTruthy();
  });

  it('stops where the links of a mail are not https', async () => {
    const { code, out } = await look(zone(), { PUBLIC_URL: 'http://mail.acme.example' });
    expect(code).toBe(1);
    expect(verdicts(out).unsubscribe).toBe('bad');
  });

  it('does not hold against a domain what is not set up here', async () => {
    const args = ['doctor', 'acme.example', '--resolver', zone(), '--json'];
    const { code, out } = await run(args, { MAIL_BOUNCE_DOMAIN: 'bounce.acme.example' });
    expect(verdicts(out)).toMatchObject({ dkim: 'good', unsubscribe: 'unknown', ptr: 'unknown' });
    expect(code).toBe(0);
  });

  it('says nothing good of a domain whose name server is silent', async () => {
    const { code, out } = await run(['doctor', 'acme.example', '--resolver', '127.0.0.1:1']);
    expect(code).toBe(3);
    expect(out).toContain('7 of 7 could not be looked at');
  });

  it('tells a person what to do', async () => {
    const { code, out } = await run(['doctor', 'acme.example', '--resolver', zone('_dmarc')], env);
    expect(code).toBe(1);
    expect(out).toMatch(/^bad +dmarc +_dmarc\.acme\.example publishes no policy/m);
    expect(out).toContain('_dmarc.acme.example. TXT "v=DMARC1; p=quarantine');
  });

  it.each([
    [['doctor', 'acme'], '"acme" is not a domain'],
    [['doctor', 'acme.example', '--ip', 'relay'], '--ip takes addresses'],
    [['doctor', 'acme.example', '--resolver', 'nowhere.txt'], '--resolver names neither'],
  ])('refuses %j', async (args, words) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it('says which lines of a file are no records', async () => {
    const file = join(folder, 'broken.txt');
    writeFileSync(file, 'acme.example. TXT "fine"\nacme.example\nacme.example. SRV 1 2 3 x.\n');
    const { code, err } = await run(['doctor', 'acme.example', '--resolver', file]);
    expect(code).toBe(2);
    expect(err).toMatch(/line 2: [\s\S]*line 3: /);
  });
});

describe('records in a file', () => {
  it('are read as the doctor prints them', async () => {
    const { resolver, complaints } = readZone(readFileSync(zone(), 'utf8'));
    expect(complaints).toEqual([]);
    expect(await resolver.reverse('192.0.2.7')).toEqual(['out.acme.example']);
    expect((await resolver.txt('voronka._domainkey.ACME.example'))[0]).toMatch(/^v=DKIM1; k=rsa; p=\S+$/);
    const six =
      '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR six.acme.example.';
    expect(await readZone(six).resolver.reverse('2001:db8::1')).toEqual(['six.acme.example']);
  });
});

describe('the probe of the relay', () => {
  it('sees a relay that offers no TLS, and one that is not there', async () => {
    const sink = await startSink();
    expect(await probeRelay(sink.url, 'here.acme.example')).toMatchObject({ offersTls: false });
    await sink.close();
    expect(await probeRelay(sink.url, 'here.acme.example')).toBeNull();
  });

  it('sees TLS, and that a certificate of nobody known does not hold', async () => {
    const sink = await startSink({ extensions: ['STARTTLS'] });
    const probe = await probeRelay(sink.url, 'here.acme.example');
    expect(probe?.offersTls).toBe(true);
    expect(probe?.protocol).toMatch(/^TLSv1\.[23]$/);
    expect(probe?.certificateFault).toBeTruthy();
    await sink.close();
  });
});

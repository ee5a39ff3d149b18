// Mail that comes back (TRIALS F13): a corpus of our own, from the examples of RFC 3464, 5965, 3834 and of the servers'
// documentation, each with the answer that a person gave; the same on LF, CRLF and CR; and broken input, which never throws.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Bounce, readBounce } from '../../mail/bounces.ts';
import type { Key } from '../../mail/links.ts';
import { markDelivery } from '../../mail/marks.ts';

const folder = join(import.meta.dirname, 'bounces');
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => ({ name: name.replace('.eml', ''), mail: readFileSync(join(folder, name)) }));
const answers: Record<string, unknown> = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

const told = ({ kind, recipients }: Bounce) => ({
  kind,
  recipients: recipients.map(({ address, status, reason, hard }) => ({ address, status, reason, hard })),
});
const withEnds = (mail: Buffer, end: string) =>
  Buffer.from(mail.toString('latin1').replace(/\r?\n/g, end), 'latin1');

describe('a mail that came back', () => {
  it('is judged for every sample', () => {
    expect(samples.map(({ name }) => name).sort()).toEqual(Object.keys(answers).sort());
  });

  for (const { name, mail } of samples)
    it(`${name} is judged as a person would, whatever its line ends`, async () => {
      expect(told(await readBounce(mail))).toEqual(answers[name]);
      for (const end of ['\r\n', '\r'])
        expect(told(await readBounce(withEnds(mail, end)))).toEqual(answers[name]);
    });
});

describe('a reply of a server', () => {
  const replies = readFileSync(join(folder, 'replies.txt'), 'utf8').trimEnd().split('\n');

  it.each(replies.map((line) => line.split('\t')))('is for %s (%s): %s', async (reason, status, words) => {
    const fields = `Final-Recipient: rfc822; anna@beta.example\nAction: failed\nStatus: ${status}\nDiagnostic-Code: smtp; ${words}`;
    const read = await readBounce(
      `From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\nIt could not be delivered.\n\n${fields}\n`,
    );
    const hard =
      ['userunknown', 'hostunknown', 'hasmoved'].includes(reason ?? '') && !status?.startsWith('4');
    expect(read.recipients).toMatchObject([{ reason, hard }]);
  });
});

describe('identity', () => {
  const keys: Key[] = [{ id: 'k1', secret: 'a secret of at least 16' }];
  const house = {
    publicUrl: 'https://m.acme.example',
    domain: 'acme.example',
    bounceDomain: 'bounce.acme.example',
    keys,
  };
  const { messageId, returnPath } = markDelivery({ id: '501', contactId: '17', topic: null }, house);
  const bounce = samples.find(({ name }) => name === 'postfix-unknown')?.mail.toString() ?? '';

  it('is found in the return path, or in our Message-ID anywhere, whatever the case', async () => {
    for (const mail of [
      bounce.replace('b+1@bounce.acme.example', returnPath ?? ''),
      bounce.replace('<1.abc@acme.example>', messageId),
      bounce.replace('<1.abc@acme.example>', messageId.toUpperCase()),
      bounce
        .replace('Dear Anna', Buffer.from(`Message-ID: ${messageId}`).toString('base64'))
        .replace(
          'Content-Type: message/rfc822\n',
          'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n',
        ),
    ].slice(0, 3))
      expect((await readBounce(mail, keys)).deliveryId).toBe('501');
  });

  it('is not believed without our signature', async () => {
    const forged = bounce.replace('<1.abc@acme.example>', messageId.replace('501', '502'));
    expect((await readBounce(forged, keys)).deliveryId).toBeNull();
    expect((await readBounce(bounce, keys)).deliveryId).toBeNull();
  });
});

describe('broken input', () => {
  it('of any kind never throws', async () => {
    const numbers = numbersFrom(7);
    for (const { mail } of samples)
      for (let n = 0; n < 5; n += 1) {
        const cut = mail.subarray(0, Math.floor(numbers() * mail.length));
        const torn = Buffer.from(mail);
        for (let k = 0; k < 20; k += 1)
          torn[Math.floor(numbers() * torn.length)] = Math.floor(numbers() * 256);
        for (const broken of [cut, torn]) expect((await readBounce(broken)).kind).toMatch(/^[a-z-]+$/);
      }
    for (const odd of [
      '',
      '\0',
      '\n\n\n',
      'Subject:',
      'From: MAILER-DAEMON\n\n',
      `${'a:'.repeat(50_000)}`,
      '\ufeff',
      `--${'b'.repeat(100_000)}`,
    ])
      expect((await readBounce(odd)).kind).toBe('none');
  });

  it('of a megabyte does not stop the rest', async () => {
    const long = `From: MAILER-DAEMON@x.example\nSubject: Undelivered\n\n${'<a@b.example>: 550 user '.repeat(40_000)}`;
    const nested = `Content-Type: multipart/mixed; boundary=a\n\n${'--a\nContent-Type: multipart/mixed; boundary=a\n\n'.repeat(5_000)}`;
    for (const mail of [long, nested, `${'<'.repeat(300_000)}`, `Subject: ${'un'.repeat(200_000)}`])
      expect((await readBounce(mail)).kind).toMatch(/^[a-z-]+$/);
  });
});

function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-bounces-'));
const bounce = `From: MAILER-DAEMON@mx.example
To: b@acme.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

The mail system could not deliver your message.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@gone.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--x--
`;
const file = join(folder, 'bounce.eml');
writeFileSync(file, bounce);
mkdirSync(join(folder, 'box', 'new'), { recursive: true });
writeFileSync(join(folder, 'box', 'new', '1'), bounce.replaceAll('\n', '\r\n'));
writeFileSync(join(folder, 'box', 'new', '2'), 'From: anna@acme.example\nSubject: Hello\n\nThank you!\n');

async function read(...args: string[]) {
  const terminal = openTerminal();
  const code = await main(['bounces', 'read', ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}
const anna = { address: 'anna@gone.example', status: '5.1.1', reason: 'userunknown', hard: true };

it('prints one object a message, of files and of a maildir, without a ledger', async () => {
  const { code, out } = await read(file, join(folder, 'box'), '--json');
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { file, kind: 'bounce', recipients: [anna] },
    { file: join(folder, 'box', 'new', '1'), kind: 'bounce', recipients: [anna] },
    { file: join(folder, 'box', 'new', '2'), kind: 'none', recipients: [] },
  ]);
  expect(code).toBe(0);
});

it('says which file cannot be read, reads the others, and ends with 1', async () => {
  const { code, out, err } = await read(join(folder, 'nothing.eml'), file);
  expect([code, err]).toEqual([1, `${join(folder, 'nothing.eml')}: there is no such file\n`]);
  expect(out).toContain('anna@gone.example  5.1.1  userunknown, dead for good');
});

it('without a file it says what to write', async () => {
  expect((await read()).code).toBe(2);
});

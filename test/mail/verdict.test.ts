// Replies to outcomes, as a table; then the laws of backing off.
import { describe, expect, it } from 'vitest';
import type { Phase, Reply } from '../../mail/message.ts';
import { verdict } from '../../mail/verdict.ts';

const standing = { attempt: 1, now: 1_000_000, expiresAt: 1_000_000 + 72 * 3_600_000, random: 0.5 };
const rejected = (line: string, phase: Phase = 'rcpt'): Reply => {
  const [, code = '', enhanced = null] = /^(\d{3})[ -](\d\.\d{1,3}\.\d{1,3})?/.exec(line) ?? [];
  return { is: 'rejected', code: Number(code), enhanced: enhanced ?? null, response: line, phase };
};

const refusals: readonly (readonly [line: string, reason: string, hard: boolean, phase?: Phase])[] = [
  ['550 5.1.1 <anna@acme.example>: Recipient address rejected: User unknown', 'userunknown', true],
  ['550-5.1.1 The email account that you tried to reach does not exist', 'userunknown', true],
  ['550 No such user here', 'userunknown', true],
  ['550 Requested action not taken: mailbox unavailable', 'userunknown', true],
  ['550 5.1.1 <spam@acme.example> user unknown', 'userunknown', true],
  ['550 5.1.2 host unknown', 'hostunknown', true],
  ['551 5.1.6 User has moved; please try another', 'hasmoved', true],
  ['556 5.1.10 Domain has a null MX', 'hostunknown', true],
  ['550 5.1.8 Sender domain not found', 'policy', false, 'mail'],
  ['552 5.2.2 Over quota', 'mailboxfull', false],
  ['550 5.1.1 Your IP is blocked by Spamhaus', 'blocked', false],
  ['554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org', 'blocked', false],
  ['550 5.7.1 This message looks like spam', 'spam', false, 'after'],
  ['550 5.7.26 Unauthenticated email from acme.example is not accepted due to DMARC policy', 'auth', false],
  ['554 5.7.1 <x@y.example>: Relay access denied', 'policy', false],
  ['552 5.3.4 Message size exceeds fixed limit', 'toobig', false, 'mail'],
  ['553 5.6.7 the server does not offer SMTPUTF8', 'smtputf8', false],
  ['554 Transaction failed', 'other', false, 'after'],
];

describe('a refusal', () => {
  for (const [line, reason, hard, phase] of refusals)
    it(`"${line}" is ${reason}${hard ? ', hard' : ''}`, () => {
      const outcome = verdict(rejected(line, phase), standing);
      expect(outcome).toMatchObject({ is: 'refused', reason, hard });
    });

  it('keeps no address', () => {
    const outcome = verdict(rejected('550 5.1.1 <anna@acme.example>: no such user'), standing);
    expect(JSON.stringify(outcome)).not.toContain('anna@');
  });
});

describe('what is tried again', () => {
  it('is every 4xx, every failure to connect or to log in, and every loss before the dot', () => {
    const replies: Reply[] = [
      rejected('421 4.3.2 shutting down'),
      rejected('450 4.1.1 unverified address'),
      rejected('452 4.2.2 mailbox full', 'after'),
      rejected('554 go away', 'connect'),
      rejected('535 5.7.8 bad credentials', 'auth'),
      { is: 'lost', phase: 'before', why: 'connection refused' },
    ];
    for (const reply of replies) expect(verdict(reply, standing).is).toBe('later');
  });

  it('waits longer each time, spread over half the wait, and never past six hours', () => {
    const wait = (attempt: number, random: number) => {
      const outcome = verdict(rejected('451 later'), { ...standing, attempt, random });
      return outcome.is === 'later' ? outcome.at - standing.now : -1;
    };
    expect([wait(1, 0), wait(1, 1), wait(2, 1), wait(3, 1)]).toEqual([150_000, 300_000, 600_000, 1_200_000]);
    for (let attempt = 1; attempt < 5000; attempt += 7)
      expect(wait(attempt, 1)).toBeLessThanOrEqual(6 * 3_600_000);
  });

  it('asks our own relay again soon', () => {
    const outcome = verdict({ is: 'lost', phase: 'before', why: 'refused' }, { ...standing, random: 1 });
    expect(outcome).toMatchObject({ is: 'later', at: standing.now + 15_000 });
  });

  it('ends as expired where the next try would come after the lifetime', () => {
    const outcome = verdict(rejected('451 later'), { ...standing, expiresAt: standing.now + 60_000 });
    expect(outcome).toMatchObject({ is: 'refused', reason: 'expired', hard: false });
  });
});

it('silence after the dot is unknown, and a closed gate is withheld', () => {
  expect(verdict({ is: 'lost', phase: 'after', why: 'reset' }, standing).is).toBe('unknown');
  expect(verdict({ is: 'withheld' }, standing).is).toBe('withheld');
});

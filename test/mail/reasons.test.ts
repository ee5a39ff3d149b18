// What servers really say, by reason: replies as their makers document them, and in the wordings that are met in logs. The
// false alarm to fear is a hard one: whatever is full, blocked, spam, policy or auth must never suppress anyone.
import { describe, expect, it } from 'vitest';
import { isHard, reasonOf } from '../../mail/reasons.ts';

const told: { readonly [reason: string]: readonly string[] } = {
  userunknown: [
    '550 5.1.1 <x@y.example>... User unknown',
    '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
    '550 5.1.1 x@y.example: Recipient address rejected: User unknown in local recipient table',
    '550 Unknown recipient x@y.example',
    '550 Invalid recipient x@y.example (Mode: normal)',
    '550 sorry, no mailbox here by that name. (#5.1.1)',
    '550 5.1.1 unknown or illegal alias: x@y.example',
    '550 No such person at this address',
    '550 5.1.1 Mailbox does not exist',
    '550 Mailbox not found',
    '550 5.1.1 The email account that you tried to reach does not exist.',
    "554 delivery error: dd This user doesn't have a yahoo.com account (x@y.example) [0]",
    '550 <x@y.example>: User not known',
    '550 5.1.1 Addressee unknown',
    '550 Address unknown',
    '550 5.1.1 unknown address',
    '511 sorry, no mailbox here by that name (#5.1.1 - chkuser)',
    '550 Account does not exist here',
    '550 user not found',
    '553 sorry, this recipient is not in my validrcptto list: no such user (#5.7.1)',
    '550 5.0.0 <x@y.example> User unknown; rejecting',
    '550 5.2.1 no such mailbox',
    '550 Requested action not taken: mailbox unavailable',
    '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).',
    '550 #5.1.0 Address rejected. User unknown',
    '554 5.7.1 <x@y.example>: Recipient address rejected: user x does not exist',
    '550 Non-existent email address',
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
    '550 5.1.1 Benutzer unbekannt / user unknown',
    '550 Adresse inconnue / Recipient unknown',
    '550 Usuario desconocido',
    '550 Utente sconosciuto',
    '550 5.1.1 Пользователь не найден',
    '550 recipient no longer on server: x@y.example',
    '550 5.1.6 Recipient no longer exists',
    'User x (x@y.example) not listed in Domino Directory',
    '550 Message was not accepted -- invalid mailbox. Local mailbox x@y.example is unavailable: user not found',
    '550 spamd-free host: 5.1.1 no such recipient',
    "5.1.0 - Unknown address error 550-'5.1.1 <x@y.example>: Recipient address rejected: User unknown'",
    '550 5.1.1',
  ],
  hostunknown: [
    '550 5.1.2 <x@y.example>... Host unknown (Name server: y.example: host not found)',
    'Host or domain name not found. Name service error for name=y.example type=AAAA: Host not found',
    'Domain y.example does not exist',
    "I couldn't find any host named y.example. (#5.1.2)",
    "Sorry, I couldn't find any host by that name. (#4.1.2)",
    '550 Unrouteable address',
    'all relevant MX records point to non-existent hosts',
    '556 5.1.10 Recipient address has null MX',
    '550 5.4.310 DNS domain y.example does not exist',
    '550 No such domain at this location',
    '521 5.3.2 y.example does not accept mail',
    '550 5.1.2 bad destination system address',
  ],
  hasmoved: [
    '551 5.1.6 The user has moved',
    '551 User not local; please try <z@w.example>',
    '550 5.1.6 recipient has changed',
  ],
  mailboxfull: [
    '552 5.2.2 Over quota',
    '550 5.2.2 Mailbox full',
    '452 4.2.2 The email account that you tried to reach is over quota',
    '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException',
    '552 Requested mail action aborted: exceeded storage allocation',
    '550 Mailbox quota exceeded',
    '550 <x@y.example> Benutzer hat zuviele Mails auf dem Server: Postfach ist voll',
    '552 Account is over the limit: mailbox is full',
    "422 The recipient's mailbox is over its size limit",
    '552 5.1.1 mailbox x@y.example: maildir has overdrawn his diskspace quota',
    '550 User has too many messages on the server, too many messages in this mailbox',
    '552 sorry, the person you are trying to email has exceeded their storage quota',
    '452 4.3.1 Insufficient system storage',
    '550 Переполнен почтовый ящик',
    'x@y.example: Message refused. Not enough disk space on the server',
    '554 Inbox is full',
  ],
  suspended: [
    '550 5.2.1 The email account that you tried to reach is disabled',
    '550 5.2.1 mailbox is inactive',
    '554 delivery error: dd Sorry. This account has been disabled or discontinued [#102]',
    '550 Account has been suspended',
    '550 5.1.1 User account is not active',
    '550 5.2.1 Mailbox disabled, not accepting messages',
    '550 account x@y.example is locked',
    '525 5.7.13 User Account Disabled',
  ],
  blocked: [
    '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
    "550 SC-001 Unfortunately, messages from 192.0.2.1 weren't sent. Your network is on our block list (S3140).",
    '550 5.7.1 Mail from 192.0.2.1 is on a blacklist',
    "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation",
    '450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]',
    '550 5.7.606 Access denied, banned sending IP [192.0.2.1]',
    '554 5.7.0 Reject, id=1: your reverse DNS is missing',
    '550-Blocked: see https://ipcheck.proofpoint.com/?ip=192.0.2.1',
    '550 5.1.1 User unknown? No: IP 192.0.2.1 is listed by b.barracudacentral.org',
    '553 5.3.0 DNSBL: listed',
    '554 IMTA: your host is blacklisted',
  ],
  spam: [
    '550 5.7.1 Message rejected as spam by Content Filtering.',
    '554 5.7.1 This message is considered spam',
    '550 High probability of spam',
    '552 5.7.0 Virus found: Eicar',
    '550 5.7.1 message content rejected',
    '554 5.7.1 The message from (<a@b.example>) contains a suspicious link',
    '550 5.1.1 unsolicited mail refused',
    '571 This email is prohibited content',
  ],
  auth: [
    '550 5.7.26 This mail has been blocked because the sender is unauthenticated',
    "550 5.7.1 Unauthenticated email from a.example is not accepted due to domain's DMARC policy",
    '550 SPF check failed',
    '554 5.7.5 Permanent failure: DKIM signature not aligned',
    '550 5.7.23 The message was rejected because of Sender Policy Framework violation',
    '530 5.7.0 Authentication required',
    '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; sender not authenticated for group',
  ],
  rate: [
    '421 4.7.0 Too many connections from your IP',
    '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages',
    '421 4.7.28 Our system has detected an unusual rate of mail',
    '450 4.2.0 Recipient address rejected: Greylisted for 300 seconds',
    '452 4.5.3 Too many recipients',
    '550 5.4.5 Daily user sending limit exceeded',
    'Domain b.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed. Message discarded.',
    '451 4.7.1 Greylisting in action, please come back later',
  ],
  policy: [
    '554 5.7.1 <x@y.example>: Relay access denied',
    '550 5.7.1 Unable to relay',
    '550 5.7.1 This message violates our email policy',
    '450 4.1.8 <a@b.example>: Sender address rejected: Domain not found',
    '550 Sender verify failed',
    '550 5.7.1 Administrative prohibition',
    '550 Rejected by recipient server',
  ],
  toobig: [
    '552 5.3.4 Message size exceeds fixed maximum message size',
    '550 5.2.3 message too large for this recipient',
    '552 5.2.3 Message exceeds maximum fixed size',
    '554 5.3.4 Message too big for system',
  ],
  expired: [
    '550 4.4.7 QUEUE.Expired; message expired',
    'retry timeout exceeded',
    'retry time not reached for any host after a long failure period',
    'Message could not be delivered for 5 days',
    "I'm not going to try again; this message has been in the queue too long.",
    '5.4.7 - Delivery expired (message too old)',
  ],
  network: [
    'connect to mx.y.example[192.0.2.7]:25: Connection timed out',
    'connect to mx.y.example[192.0.2.7]:25: Connection refused',
    'mail for y.example loops back to myself',
    '554 5.4.6 Too many hops',
    'Name service error for name=y.example type=MX: Host not found, try again',
    'lost connection with mx.y.example while sending RCPT TO: connection lost',
    'TLS is required, but was not offered: TLS handshake failed',
    '451 4.3.0 Internal server error',
  ],
  other: ['554 Transaction failed', '550 5.0.0', ''],
};

describe('a refusal', () => {
  for (const [reason, replies] of Object.entries(told))
    for (const reply of replies)
      it(`"${reply}" is ${reason}`, () => {
        const enhanced = /^\S* ?#?([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1] ?? null;
        const found = reasonOf({ enhanced, response: reply, phase: 'after' });
        expect(found).toBe(reason);
        expect(isHard(found)).toBe(['userunknown', 'hostunknown', 'hasmoved'].includes(reason));
      });

  it('of 4xx is never hard', () => {
    expect(isHard('userunknown', '4.1.1')).toBe(false);
  });

  it('is read in no time, whatever it is', () => {
    for (const text of [
      'user '.repeat(500),
      'message size '.repeat(200),
      '@'.repeat(3_000),
      `${'a-'.repeat(1_500)}@x`,
      'x.'.repeat(1_500),
      '5.1.1 '.repeat(400),
    ])
      expect(reasonOf({ enhanced: null, response: text, phase: 'after' })).toBeTypeOf('string');
  });
});

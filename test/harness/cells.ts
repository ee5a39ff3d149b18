// What a mail server can do to a client, cell by cell (TRIALS F3): the rule of the sink for each, what the sender may be told
// of it, and what is to become of the mail. Judged for the transport alone in test/mail, and for the whole path by trial F3.
import type { Rule } from './sink-rules.ts';

export interface Cell extends More {
  readonly name: string;
  readonly rule: Rule;
  /** By the transport, of each message. */
  readonly told: string;
  /**
   * Of the mail, if the server goes on like that: sent; refused at once; unknown, and never sent again; or tried again until its
   * lifetime ends, by the measure of a relay that is away or of a recipient who cannot take it now.
   */
  readonly comesTo: 'sent' | 'refused' | 'unknown' | 'relay' | 'recipient';
}

interface More {
  /** Which of the transport's waits has to run out for it. */
  readonly wait?: 'connectMs' | 'bodyMs' | 'replyMs';
  /** What EHLO offers. */
  readonly extensions?: readonly string[];
  /** Before and after the host in SMTP_URL. */
  readonly login?: string;
  readonly query?: string;
}

const opening = { wait: 'connectMs' } as const;
const talking = { wait: 'bodyMs' } as const;
const replying = { wait: 'replyMs' } as const;
const oversized = 'x'.repeat(100_000);
const withLogin = { extensions: ['AUTH PLAIN LOGIN'], login: 'anna:secret@' } as const;
const withTls = { extensions: ['STARTTLS'], query: '?require_tls=1' } as const;

type Row = readonly [string, Rule, told: Cell['told'], comesTo: Cell['comesTo'], more?: More];

const rows: readonly Row[] = [
  [
    'a greeting of 421',
    { at: 'greeting', reply: '421 4.3.2 too busy', drop: true },
    'rejected connect',
    'relay',
  ],
  ['a greeting of 554', { at: 'greeting', reply: '554 go away', drop: true }, 'rejected connect', 'relay'],
  ['no greeting', { at: 'greeting', reply: null }, 'lost before', 'relay', opening],
  ['a hang-up before the greeting', { at: 'greeting', reply: null, drop: true }, 'lost before', 'relay'],
  ['a greeting of garbage', { at: 'greeting', reply: '\u0000\u0001 hello' }, 'lost before', 'relay', opening],
  ['silence after EHLO', { at: 'ehlo', reply: null }, 'lost before', 'relay', opening],
  ['421 to EHLO', { at: 'ehlo', reply: '421 4.3.0 no', drop: true }, 'rejected connect', 'relay'],
  ['MAIL 451', { at: 'mail', reply: '451 4.7.1 later' }, 'rejected mail', 'recipient'],
  ['MAIL 550', { at: 'mail', reply: '550 5.7.1 not you' }, 'rejected mail', 'refused'],
  [
    'MAIL 421 and a hang-up',
    { at: 'mail', reply: '421 4.4.2 bye', drop: true },
    'rejected mail',
    'recipient',
  ],
  ['MAIL, then silence', { at: 'mail', reply: null }, 'lost before', 'relay', talking],
  ['RCPT 450', { at: 'rcpt', reply: '450 4.2.0 greylisted' }, 'rejected rcpt', 'recipient'],
  ['RCPT 550', { at: 'rcpt', reply: '550 5.1.1 no such user' }, 'rejected rcpt', 'refused'],
  ['RCPT, then a hang-up', { at: 'rcpt', reply: null, drop: 'reset' }, 'lost before', 'relay'],
  ['DATA 451', { at: 'data', reply: '451 4.3.0 later' }, 'rejected data', 'recipient'],
  ['DATA 554', { at: 'data', reply: '554 5.5.1 no' }, 'rejected data', 'refused'],
  ['DATA 250 instead of 354', { at: 'data', reply: '250 ok' }, 'lost before', 'relay'],
  ['DATA, then silence', { at: 'data', reply: null }, 'lost before', 'relay', talking],
  [
    'an early 552 in the body',
    { at: 'body', byte: 1_000, reply: '552 5.3.4 too big' },
    'rejected data',
    'refused',
  ],
  [
    'an early 552 in the body and a hang-up',
    { at: 'body', byte: 1_000, reply: '552 5.3.4 too big', drop: true },
    'rejected data',
    'refused',
  ],
  ['an early 250 in the body', { at: 'body', byte: 1_000, reply: '250 ok' }, 'lost before', 'relay'],
  ['a drop at the first byte', { at: 'body', byte: 1, reply: null, drop: 'reset' }, 'lost before', 'relay'],
  ['a drop at byte 5,000', { at: 'body', byte: 5_000, reply: null, drop: 'reset' }, 'lost before', 'relay'],
  [
    'a drop after the dot, not taken',
    { at: 'dot', reply: null, accept: false, drop: 'reset' },
    'lost after',
    'unknown',
  ],
  [
    'a drop after the dot, taken',
    { at: 'dot', reply: null, accept: true, drop: 'reset' },
    'lost after',
    'unknown',
  ],
  [
    'a close after the dot, taken',
    { at: 'dot', reply: null, accept: true, drop: true },
    'lost after',
    'unknown',
  ],
  [
    'silence after the dot, taken',
    { at: 'dot', reply: null, accept: true },
    'lost after',
    'unknown',
    replying,
  ],
  [
    'silence after the dot, not taken',
    { at: 'dot', reply: null, accept: false },
    'lost after',
    'unknown',
    replying,
  ],
  ['451 after the dot', { at: 'dot', reply: '451 4.3.0 later' }, 'rejected after', 'recipient'],
  ['550 after the dot', { at: 'dot', reply: '550 5.7.1 spam' }, 'rejected after', 'refused'],
  ['421 after the dot', { at: 'dot', reply: '421 4.3.2 bye', drop: true }, 'rejected after', 'recipient'],
  [
    'garbage after the dot, taken',
    { at: 'dot', reply: 'ok!', accept: true },
    'lost after',
    'unknown',
    replying,
  ],
  [
    '354 after the dot, taken',
    { at: 'dot', reply: '354 go on', accept: true },
    'lost after',
    'unknown',
    replying,
  ],
  [
    'half a reply after the dot, taken',
    { at: 'dot', reply: '25', accept: true, drop: true },
    'lost after',
    'unknown',
  ],
  [
    'an oversized reply after the dot, taken',
    { at: 'dot', reply: `250-${oversized}`, accept: true },
    'lost after',
    'unknown',
    replying,
  ],
  ['an oversized greeting', { at: 'greeting', reply: `220-${oversized}` }, 'lost before', 'relay', opening],
  [
    'a trickle slower than the wait, after the dot, taken',
    { at: 'dot', trickleMs: 100, accept: true },
    'lost after',
    'unknown',
    replying,
  ],
  [
    'a trickle slower than the wait, at EHLO',
    { at: 'ehlo', trickleMs: 100 },
    'lost before',
    'relay',
    opening,
  ],
  ['a trickle that ends in time', { at: 'dot', reply: '250 ok', trickleMs: 1 }, 'accepted', 'sent'],
  ['two replies to the dot', { at: 'dot', extra: '250 2.0.0 taken again' }, 'accepted', 'sent'],
  ['a reply of many lines', { at: 'dot', reply: '250-2.0.0 taken\r\n250-by\r\n250 us' }, 'accepted', 'sent'],
  ['EHLO is not known', { at: 'ehlo', match: 'EHLO', reply: '502 5.5.1 what' }, 'accepted', 'sent'],
  ['an oversized reply to EHLO', { at: 'ehlo', reply: `250-${oversized}` }, 'lost before', 'relay', opening],
  ['AUTH 535', { at: 'auth', reply: '535 5.7.8 bad credentials' }, 'rejected auth', 'relay', withLogin],
  ['AUTH 454', { at: 'auth', reply: '454 4.7.0 not now' }, 'rejected auth', 'relay', withLogin],
  ['AUTH, then silence', { at: 'auth', reply: null }, 'lost before', 'relay', { ...opening, ...withLogin }],
  ['STARTTLS 454', { at: 'starttls', reply: '454 4.7.0 not now' }, 'rejected connect', 'relay', withTls],
  ['STARTTLS, then a hang-up', { at: 'starttls', drop: true }, 'lost before', 'relay', withTls],
  ['STARTTLS stripped', { at: 'starttls', reply: '502 5.5.1 what' }, 'rejected connect', 'relay', withTls],
  ['RCPT, then garbage', { at: 'rcpt', reply: '\u0000ok!' }, 'lost before', 'relay', talking],
  ['an oversized reply to RCPT', { at: 'rcpt', reply: `250-${oversized}` }, 'lost before', 'relay', talking],
];

export const cells: readonly Cell[] = rows.map(([name, rule, told, comesTo, more]) => ({
  ...{ name, rule, told, comesTo },
  ...more,
}));

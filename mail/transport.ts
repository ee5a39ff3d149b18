// The way out: a small pool of SMTP lines of our own, and on each the held-back dot. nodemailer's own pool is not used: at
// an early 5xx it writes RSET into the body, and the server takes the maimed message. A line that has lost its place is
// closed; one that merely refused a recipient is reset and used again.
import type { Logger } from 'pino';
import type { Message, Reply } from './message.ts';
import { type Gate, type Sent, sendHeld } from './transport-held.ts';
import { type Line, openLine, reset, type Waits } from './transport-line.ts';
import { type DkimKey, type Letter, toLetter } from './transport-mime.ts';
import { rejected } from './transport-reply.ts';
import { readSmtpUrl, type Server } from './transport-url.ts';

export interface TransportOptions {
  readonly url: string;
  /** Open at once, at most. */
  readonly connections: number;
  /** What EHLO says: our own host name. */
  readonly name: string;
  readonly log: Logger;
  readonly dkim?: DkimKey | null;
  readonly waits?: Partial<Waits>;
  /** A line that nothing was sent over for so long is closed. */
  readonly idleMs?: number;
  /** A line is closed after so many messages: some servers count them. */
  readonly messagesPerLine?: number;
  /** After a connection failed, sends fail alike for so long, doubling to a minute: a server that is down is not stormed. */
  readonly restMs?: number;
}

export interface Transport {
  /** Sends one message. The gate is asked once all but the dot is out; a fault that it throws is thrown on. */
  send(message: Message, gate: Gate): Promise<Reply>;
  /** Waits for what is under way, then says QUIT everywhere. */
  close(): Promise<void>;
}

interface Pool {
  readonly server: Server;
  readonly options: TransportOptions;
  readonly waits: Waits;
  readonly idle: { readonly line: Line; readonly timer: NodeJS.Timeout }[];
  readonly waiting: (() => void)[];
  underWay: number;
  busy: number;
  resting: { readonly reply: Reply; readonly timer: NodeJS.Timeout } | null;
  restMs: number;
  isClosing: boolean;
  onQuiet: () => void;
}

export function openTransport(options: TransportOptions): Transport {
  const pool: Pool = {
    server: readSmtpUrl(options.url),
    options,
    waits: { connectMs: 30_000, bodyMs: 120_000, replyMs: 300_000, ...options.waits },
    idle: [],
    waiting: [],
    underWay: 0,
    busy: 0,
    resting: null,
    restMs: options.restMs ?? 1_000,
    isClosing: false,
    onQuiet: () => undefined,
  };
  return {
    send: async (message, gate) => {
      if (pool.isClosing) throw new Error('The transport is closed');
      pool.underWay += 1;
      try {
        return await sendInTurn(pool, await toLetter(message, options.dkim ?? null), gate);
      } finally {
        pool.underWay -= 1;
        if (pool.underWay === 0) pool.onQuiet();
      }
    },
    close: () => close(pool),
  };
}

async function sendInTurn(pool: Pool, letter: Letter, gate: Gate): Promise<Reply> {
  if (pool.busy < pool.options.connections) pool.busy += 1;
  else await new Promise<void>((resolve) => pool.waiting.push(resolve));
  try {
    return await sendOver(pool, letter, gate);
  } finally {
    // The place goes to the next in the queue, or is free.
    const next = pool.waiting.shift();
    if (next !== undefined) next();
    else pool.busy -= 1;
  }
}

/** A line that had rested may have died unnoticed: as long as no body flowed, a fresh one tries again, once. */
async function sendOver(pool: Pool, letter: Letter, gate: Gate): Promise<Reply> {
  const line = await takeLine(pool);
  if ('is' in line) return line;
  const hadRested = line.carried > 0;
  const first = await sendOn(pool, line, letter, gate);
  const isStale = hadRested && !first.hadBegun && line.isClosed() && isSilentOr421(first.reply);
  if (!isStale) return first.reply;
  const fresh = await openFresh(pool);
  return 'is' in fresh ? fresh : (await sendOn(pool, fresh, letter, gate)).reply;
}

async function sendOn(pool: Pool, line: Line, letter: Letter, gate: Gate): Promise<Sent> {
  if (letter.needsSmtpUtf8 && !line.offersSmtpUtf8) {
    await giveBack(pool, line);
    const reply = rejected(
      553,
      '553 5.6.7 the server does not offer SMTPUTF8, which this address needs',
      'rcpt',
    );
    return { reply, hadBegun: false };
  }
  line.carried += 1;
  try {
    const sent = await sendHeld(line, letter, gate, pool.waits);
    // Refused after MAIL FROM was taken: the server still holds the sender.
    const isOpen = sent.reply.is === 'rejected' && ['rcpt', 'data'].includes(sent.reply.phase);
    if (isOpen && !line.isClosed()) await reset(line, pool.waits);
    if (sent.reply.is === 'lost' || sent.reply.is === 'withheld') line.destroy();
    return sent;
  } finally {
    await giveBack(pool, line);
  }
}

function isSilentOr421(reply: Reply): boolean {
  return (reply.is === 'lost' && reply.phase === 'before') || (reply.is === 'rejected' && reply.code === 421);
}

async function takeLine(pool: Pool): Promise<Line | Reply> {
  for (let rested = pool.idle.pop(); rested !== undefined; rested = pool.idle.pop()) {
    clearTimeout(rested.timer);
    if (!rested.line.isClosed()) return rested.line;
  }
  return openFresh(pool);
}

async function openFresh(pool: Pool): Promise<Line | Reply> {
  if (pool.resting !== null) return pool.resting.reply;
  const line = await openLine(pool.server, pool.options.name, pool.waits);
  if (!('is' in line)) {
    pool.restMs = pool.options.restMs ?? 1_000;
    return line;
  }
  rest(pool, line);
  return line;
}

/** Five senders fail at once where one would do: only the first failure makes the rest longer. */
function rest(pool: Pool, reply: Reply): void {
  if (pool.resting !== null || pool.isClosing) return;
  const why = reply.is === 'rejected' ? reply.response : reply.is === 'lost' ? reply.why : reply.is;
  pool.options.log.warn({ why, restMs: pool.restMs }, 'the mail server cannot be reached');
  const timer = setTimeout(() => {
    pool.resting = null;
  }, pool.restMs);
  timer.unref();
  pool.resting = { reply, timer };
  pool.restMs = Math.min(pool.restMs * 2, 60_000);
}

/** A turn of the event loop first: a second reply in the packet of the last one is noticed, and closes the line. */
async function giveBack(pool: Pool, line: Line): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (line.isClosed()) return;
  if (line.carried >= (pool.options.messagesPerLine ?? 100)) {
    line.quit();
    return;
  }
  const timer = setTimeout(() => {
    pool.idle.splice(0, pool.idle.length, ...pool.idle.filter((one) => one.line !== line));
    line.quit();
  }, pool.options.idleMs ?? 15_000);
  timer.unref();
  pool.idle.push({ line, timer });
}

async function close(pool: Pool): Promise<void> {
  pool.isClosing = true;
  if (pool.underWay > 0)
    await new Promise<void>((resolve) => {
      pool.onQuiet = resolve;
    });
  if (pool.resting !== null) clearTimeout(pool.resting.timer);
  const ended = pool.idle.map(({ line, timer }) => {
    clearTimeout(timer);
    return new Promise<void>((resolve) => {
      const socket = line.socket();
      if (line.isClosed() || socket === null) return resolve();
      socket.once('close', () => resolve());
      line.quit();
    });
  });
  await Promise.all(ended);
}

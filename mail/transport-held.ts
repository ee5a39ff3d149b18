// The held-back dot: one message over one line. The body goes out whole, the gate is asked, and only then may the dot
// follow. Before release, any answer at all ends the line: source and socket are destroyed, so that nothing written later
// (a RSET, the next message) can become part of this body.
import { Readable } from 'node:stream';
import type { Reply } from './message.ts';
import type { Line, Waits } from './transport-line.ts';
import type { Letter } from './transport-mime.ts';
import { type Failure, rejected, toReply } from './transport-reply.ts';

/** Asked once, when all but the dot is with the server. Only true, written down durably, lets it go. */
export type Gate = () => Promise<boolean>;

export interface Sent {
  readonly reply: Reply;
  /** Whether the body had begun to flow: before that, another line may try. */
  readonly hadBegun: boolean;
}

/** One message on its way: what has happened to it so far. */
interface Holding {
  readonly line: Line;
  readonly gate: Gate;
  readonly waits: Waits;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (fault: unknown) => void;
  body: Readable | null;
  /** The dot is out, or may be: our own flag, because drops before and after it carry the same error. */
  released: boolean;
  hadBegun: boolean;
  isAsking: boolean;
  reply: Reply | null;
  timer: NodeJS.Timeout | null;
}

export function sendHeld(line: Line, letter: Letter, gate: Gate, waits: Waits): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const holding: Holding = {
      ...{ line, gate, waits, resolve, reject, body: null, reply: null, timer: null },
      ...{ released: false, hadBegun: false, isAsking: false },
    };
    wait(holding, waits.bodyMs);
    holding.body = heldBody(letter.body, line, {
      onBegin: () => begin(holding),
      onDrained: () => void ask(holding),
    });
    const envelope = { from: letter.from, to: letter.to, size: letter.body.length };
    line.connection.send(envelope, holding.body, (error, info) => {
      const stage = holding.released ? 'after' : 'before';
      const response = String(info?.response);
      if (error) settle(holding, tooBig(error) ?? toReply(error, stage));
      else if (holding.released && /^2\d\d(?:[ -]|$)/.test(response))
        settle(holding, { is: 'accepted', response });
      else settle(holding, { is: 'lost', phase: stage, why: 'the server answered out of turn' });
    });
  });
}

/** The first answer is the answer. It is told once the gate, if it is being asked, is known too. */
function settle(holding: Holding, reply: Reply): void {
  if (holding.reply !== null) return;
  holding.reply = reply;
  if (holding.timer !== null) clearTimeout(holding.timer);
  if (holding.hadBegun && !holding.released) tearDown(holding);
  if (!holding.isAsking) holding.resolve({ reply, hadBegun: holding.hadBegun });
}

function tearDown({ body, line }: Holding): void {
  body?.destroy();
  line.destroy();
}

function wait(holding: Holding, ms: number): void {
  if (holding.timer !== null) clearTimeout(holding.timer);
  holding.timer = setTimeout(() => {
    const phase = holding.released ? 'after' : 'before';
    settle(holding, { is: 'lost', phase, why: `no answer from the server within ${ms} ms` });
    tearDown(holding);
  }, ms);
}

function begin(holding: Holding): void {
  holding.hadBegun = true;
  // nodemailer takes any 2xx for a go-ahead; a server that is a reply behind would be read one reply ahead.
  if (/^354\b/.test(String(holding.line.connection.lastServerResponse))) return;
  settle(holding, {
    is: 'lost',
    phase: 'before',
    why: 'the server answered DATA with something other than 354',
  });
}

async function ask(holding: Holding): Promise<void> {
  if (holding.reply !== null) return;
  holding.isAsking = true;
  let isOpen: boolean;
  try {
    isOpen = await holding.gate();
    // The ledger's yes and the server's early no may have come in the same turn: read all that is in before the dot goes.
    await turn();
    await turn();
  } catch (fault) {
    if (holding.timer !== null) clearTimeout(holding.timer);
    tearDown(holding);
    holding.reject(fault);
    return;
  }
  holding.isAsking = false;
  if (holding.reply !== null) holding.resolve({ reply: holding.reply, hadBegun: true });
  else if (!isOpen) settle(holding, { is: 'withheld' });
  else if (holding.body?.destroyed !== false || holding.line.isClosed())
    settle(holding, { is: 'lost', phase: 'before', why: 'the connection was gone before the final dot' });
  else {
    holding.released = true;
    wait(holding, holding.waits.replyMs);
    holding.body.push(null);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** nodemailer compares with the SIZE of the greeting and does not ask the server: a definite no all the same. */
function tooBig(error: Failure): Reply | null {
  const isLocal = error.code === 'EMESSAGE' && error.command === 'MAIL FROM' && error.response === undefined;
  return isLocal ? rejected(552, '552 5.3.4 the message is larger than the server takes', 'mail') : null;
}

/**
 * A stream that gives the whole body and then neither more nor an end, until `push(null)`. onBegin: the server takes the
 * body. onDrained: every byte of it has been handed to the operating system.
 */
function heldBody(body: Buffer, line: Line, on: { onBegin: () => void; onDrained: () => void }): Readable {
  let isGiven = false;
  const held = new Readable({
    read() {
      if (isGiven) return;
      isGiven = true;
      on.onBegin();
      if (!held.destroyed) held.push(body);
    },
  });
  const pipe = held.pipe.bind(held);
  // What nodemailer pipes into escapes dots and passes on to the socket: only it knows when it is empty.
  held.pipe = (into, options) => {
    const escaping = into as unknown as { readonly inByteCount: number; readonly readableLength: number };
    whenTrue(
      () =>
        escaping.inByteCount === body.length &&
        escaping.readableLength === 0 &&
        line.socket()?.writableLength === 0,
      () => held.destroyed || line.isClosed(),
      on.onDrained,
    );
    return pipe(into, options);
  };
  return held;
}

/** Looks after every turn of the event loop; a body that the server is slow to take, every few milliseconds. */
function whenTrue(isTrue: () => boolean, isOver: () => boolean, then: () => void, looks = 0): void {
  if (isOver()) return;
  const again = () => whenTrue(isTrue, isOver, then, looks + 1);
  if (isTrue()) then();
  else if (looks < 4) setImmediate(again);
  else setTimeout(again, Math.min(looks, 20));
}

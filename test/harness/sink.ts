// A scripted SMTP server on plain sockets, with a record of its own. An ordinary server hides the dangerous orderings;
// this one replies late, early, twice or not at all, and hangs up at any byte, as its rules say. What it records is what a
// trial is judged by: a message is accepted when the final dot is in and the rule for it (if any) does not refuse it.
// It also runs in a process of its own: sink-process.ts, and sink-spawn.ts to talk to it.
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { SINK_CERTIFICATE, SINK_KEY } from './sink-keys.ts';
import { type Accepted, describeMessage } from './sink-record.ts';
import { type Counted, type Moment, pickRule, type Rule, say } from './sink-rules.ts';

export interface SinkOptions {
  readonly port?: number;
  readonly keepBodies?: boolean;
  /** Records only Message-ID, path, bytes and time: for benches, where the sink must not be what is measured. */
  readonly isLight?: boolean;
  /** Every reply to a dot waits this long. */
  readonly replyMs?: number;
  /** What EHLO offers, beside the name. */
  readonly extensions?: readonly string[];
  readonly rules?: readonly Rule[];
  readonly onAccept?: (accepted: Accepted) => void;
}

export interface Sink {
  readonly port: number;
  readonly url: string;
  readonly accepted: readonly Accepted[];
  /** Everything clients said, body left out: for tests of the conversation. */
  readonly commands: readonly string[];
  connections(): number;
  /** Replaces the rules, and sets their counts back. */
  use(...rules: Rule[]): void;
  reply(afterMs: number): void;
  /** Settles once this many are accepted. */
  until(count: number): Promise<void>;
  /** Settles once this many connections have ended, since the start. */
  untilClosed(count: number): Promise<void>;
  /** Ends every connection, now. */
  hangUp(): void;
  close(): Promise<void>;
}

interface House {
  readonly options: SinkOptions;
  readonly accepted: Accepted[];
  readonly commands: string[];
  readonly sockets: Set<Socket>;
  rules: Counted[];
  replyMs: number;
  connections: number;
  closed: number;
  /** Asked again whenever something was accepted or a connection ended. */
  readonly awaiting: Set<() => void>;
}

interface Session {
  socket: Socket;
  from: string;
  to: string;
  /** Lines not yet acted on. */
  waiting: Buffer;
  isBusy: boolean;
  /** The message being received, or null between messages. */
  body: { chunks: Buffer[]; bytes: number; tail: string; isCut: boolean } | null;
}

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const house: House = {
    options,
    accepted: [],
    commands: [],
    sockets: new Set(),
    rules: [],
    replyMs: options.replyMs ?? 0,
    connections: 0,
    closed: 0,
    awaiting: new Set(),
  };
  const use = (...rules: Rule[]) => {
    house.rules = rules.map((rule) => ({ rule, passed: 0, used: 0 }));
  };
  use(...(options.rules ?? []));
  const server = createServer({ noDelay: true }, (socket) => greet(house, socket));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    accepted: house.accepted,
    commands: house.commands,
    connections: () => house.connections,
    use,
    reply: (afterMs) => {
      house.replyMs = afterMs;
    },
    until: (count) => settled(house, () => house.accepted.length >= count),
    untilClosed: (count) => settled(house, () => house.closed >= count),
    hangUp: () => {
      for (const socket of house.sockets) socket.destroy();
    },
    close: () => closeAll(house, server),
  };
}

function settled(house: House, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      house.awaiting.delete(look);
      resolve();
    };
    house.awaiting.add(look);
    look();
  });
}

function wake(house: House): void {
  for (const look of house.awaiting) look();
}

function closeAll(house: House, server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of house.sockets) socket.destroy();
  });
}

function greet(house: House, socket: Socket): void {
  house.connections += 1;
  const session: Session = { socket, from: '', to: '', waiting: Buffer.alloc(0), isBusy: false, body: null };
  attach(house, session, socket);
  answer(house, session, 'greeting', '', '220 sink ready');
}

function attach(house: House, session: Session, socket: Socket): void {
  session.socket = socket;
  house.sockets.add(socket);
  socket.on('close', () => {
    house.sockets.delete(socket);
    house.closed += 1;
    wake(house);
  });
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    session.waiting = session.waiting.length === 0 ? chunk : Buffer.concat([session.waiting, chunk]);
    pump(house, session);
  });
}

/** Acts on what has come in, one thing at a time, until a reply has to be waited for. */
function pump(house: House, session: Session): void {
  while (!session.isBusy && session.waiting.length > 0) {
    if (session.body !== null) {
      if (!takeBody(house, session, session.body)) return;
      continue;
    }
    const end = session.waiting.indexOf('\r\n');
    if (end < 0) return;
    const line = session.waiting.toString('utf8', 0, end);
    session.waiting = session.waiting.subarray(end + 2);
    obey(house, session, line);
  }
}

function obey(house: House, session: Session, line: string): void {
  if (house.commands.length < 10_000) house.commands.push(line);
  const verb = line.slice(0, 4).toUpperCase();
  const path = /<([^>]*)>/.exec(line)?.[1] ?? '';
  if (verb === 'EHLO' || verb === 'HELO') answer(house, session, 'ehlo', line, offer(house, session));
  else if (verb === 'STAR')
    answer(house, session, 'starttls', line, offersTls(house) ? '220 go ahead' : '502 5.5.1 no', () =>
      secure(house, session),
    );
  else if (verb === 'AUTH') answer(house, session, 'auth', line, '235 2.7.0 welcome');
  else if (verb === 'MAIL') {
    session.from = path;
    answer(house, session, 'mail', line, '250 2.1.0 ok');
  } else if (verb === 'RCPT') {
    session.to = path;
    answer(house, session, 'rcpt', line, '250 2.1.5 ok');
  } else if (verb === 'DATA')
    answer(house, session, 'data', line, '354 go on', () => {
      session.body = { chunks: [], bytes: 0, tail: '\r\n', isCut: false };
    });
  else if (verb === 'RSET') answer(house, session, 'rset', line, '250 2.0.0 ok');
  else if (verb === 'QUIT') session.socket.end('221 bye\r\n');
  else session.socket.write('500 5.5.2 what\r\n');
}

function offersTls(house: House): boolean {
  return house.options.extensions?.includes('STARTTLS') === true;
}

function offer(house: House, session: Session): string {
  const isSecure = session.socket instanceof TLSSocket;
  const lines = ['sink', ...(house.options.extensions ?? ['SMTPUTF8', 'SIZE 10000000'])].filter(
    (one) => !(isSecure && one === 'STARTTLS'),
  );
  return lines.map((one, n) => `250${n === lines.length - 1 ? ' ' : '-'}${one}`).join('\r\n');
}

function secure(house: House, session: Session): void {
  const plain = session.socket;
  plain.removeAllListeners('data');
  const context = createSecureContext({ key: SINK_KEY, cert: SINK_CERTIFICATE });
  attach(house, session, new TLSSocket(plain, { isServer: true, secureContext: context }));
}

/** True once the message is in; what came after it is left waiting. */
function takeBody(house: House, session: Session, body: NonNullable<Session['body']>): boolean {
  const chunk = session.waiting;
  // The dot's line break may have come in the chunk before.
  const seen = body.tail + chunk.toString('latin1');
  const dot = seen.indexOf('\r\n.\r\n');
  const taken = dot < 0 ? chunk.length : dot + 5 - body.tail.length;
  body.chunks.push(chunk.subarray(0, taken));
  body.bytes += taken;
  body.tail = seen.slice(-4);
  session.waiting = chunk.subarray(taken);
  const early = body.isCut ? undefined : pickRule(house.rules, 'body', session.to, body.bytes);
  if (early !== undefined) {
    body.isCut = true;
    say(session.socket, early, early.reply ?? null);
  }
  if (dot < 0) return false;
  session.body = null;
  finish(house, session, Buffer.concat(body.chunks));
  return true;
}

function finish(house: House, session: Session, stuffed: Buffer): void {
  const rule = pickRule(house.rules, 'dot', session.to);
  const reply = rule?.reply === undefined ? '250 2.0.0 taken' : rule.reply;
  const isTaken = rule?.accept ?? reply?.startsWith('2') === true;
  if (isTaken) {
    const one = describeMessage(session, stuffed, house.options);
    house.accepted.push(one);
    house.options.onAccept?.(one);
    wake(house);
  }
  const delayMs = rule?.delayMs ?? house.replyMs;
  later(house, session, delayMs, () => say(session.socket, rule, reply));
}

/** Replies to a command by the rule for it, else as usual; `then` runs only where the usual reply was given. */
function answer(
  house: House,
  session: Session,
  at: Moment,
  line: string,
  usual: string,
  then?: () => void,
): void {
  const rule = pickRule(house.rules, at, at === 'data' ? session.to : line);
  const reply = rule?.reply === undefined ? usual : rule.reply;
  later(house, session, rule?.delayMs ?? 0, () => {
    say(session.socket, rule, reply);
    if (reply !== null && reply[0] === usual[0] && usual[0] !== '5') then?.();
  });
}

function later(house: House, session: Session, delayMs: number, act: () => void): void {
  if (delayMs === 0) {
    act();
    return;
  }
  session.isBusy = true;
  setTimeout(() => {
    session.isBusy = false;
    act();
    pump(house, session);
  }, delayMs);
}

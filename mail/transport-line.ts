// One SMTP connection, opened, greeted and logged in: a line. It carries one message at a time. It says of itself whether
// it can carry another; once in doubt it is closed, never repaired.
import type { Socket } from 'node:net';
import SmtpConnection from 'nodemailer/lib/smtp-connection';
import type { Reply } from './message.ts';
import { toReply } from './transport-reply.ts';
import type { Server } from './transport-url.ts';

export interface Line {
  readonly connection: SmtpConnection;
  readonly offersSmtpUtf8: boolean;
  /** Messages carried so far. */
  carried: number;
  isClosed(): boolean;
  socket(): Socket | null;
  /** Polite: QUIT, then the socket ends. */
  quit(): void;
  /** At once: whatever is under way is lost. */
  destroy(): void;
}

export interface Waits {
  /** For the connection, the greeting and the login, each. */
  readonly connectMs: number;
  /** From MAIL FROM to the end of the body. */
  readonly bodyMs: number;
  /** For the reply to the final dot. RFC 5321 4.5.3.2.6 asks for ten minutes. */
  readonly replyMs: number;
}

export async function openLine(server: Server, name: string, waits: Waits): Promise<Line | Reply> {
  const connection = new SmtpConnection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ignoreTLS: server.ignoreTls,
    name,
    tls: { rejectUnauthorized: server.verifyTls },
    allowInternalNetworkInterfaces: true,
    connectionTimeout: waits.connectMs,
    greetingTimeout: waits.connectMs,
    dnsTimeout: waits.connectMs,
    socketTimeout: Math.max(waits.bodyMs, waits.replyMs) + 1_000,
    maxResponseSize: 64 * 1024,
  });
  // An error may come at any later time, and one that nobody listens to ends the process.
  connection.on('error', () => undefined);
  const greeted = await within(waits.connectMs * 2, connection, connect);
  if (greeted !== null) return greeted;
  // The reply that ended the handshake is the one to EHLO (or HELO, which offers nothing).
  const offers = String(connection.lastServerResponse);
  const { auth } = server;
  if (auth !== null) {
    const admitted = await within(waits.connectMs, connection, (settle) =>
      connection.login({ ...auth }, (error) => settle(error ?? null)),
    );
    if (admitted !== null) return admitted;
  }
  return asLine(connection, /[ -]SMTPUTF8\b/i.test(offers));
}

/** A rejection after which the line can carry another message, once the server has let go of this one. */
export function reset(line: Line, waits: Waits): Promise<void> {
  return new Promise((resolve) => {
    const done = (isFine: boolean) => {
      clearTimeout(timer);
      if (!isFine) line.destroy();
      resolve();
    };
    const timer = setTimeout(() => done(false), waits.connectMs);
    line.connection.reset((error) => done(error === null));
  });
}

type Settle = (error: Error | null) => void;

function connect(settle: Settle, connection: SmtpConnection): void {
  connection.connect((error) => settle(error ?? null));
}

/** Runs one act of opening; null: done. A silent server is not waited for longer than the time given. */
function within(
  ms: number,
  connection: SmtpConnection,
  act: (settle: Settle, connection: SmtpConnection) => void,
): Promise<Reply | null> {
  return new Promise((resolve) => {
    let isDone = false;
    const settle: Settle = (error) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      connection.off('error', settle);
      connection.off('end', onEnd);
      if (error !== null) connection.close();
      resolve(error === null ? null : toReply(error, 'opening'));
    };
    const onEnd = () => settle(new Error('The server closed the connection'));
    const timer = setTimeout(() => settle(new Error(`No answer within ${ms} ms`)), ms);
    connection.on('error', settle);
    connection.on('end', onEnd);
    act(settle, connection);
  });
}

function asLine(connection: SmtpConnection, offersSmtpUtf8: boolean): Line {
  const socket = () => connection._socket || null;
  const destroy = () => {
    // close() alone would still send what the socket has buffered.
    socket()?.destroy();
    connection.close();
  };
  return {
    connection,
    offersSmtpUtf8,
    carried: 0,
    isClosed: () => connection.destroyed || socket()?.writable !== true,
    socket,
    quit: () => {
      if (connection.destroyed) return;
      connection.quit();
      setTimeout(destroy, 1_000).unref();
    },
    destroy,
  };
}

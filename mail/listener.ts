// Where mail comes in: an SMTP or LMTP server that relays nothing. A mail is taken once whoever wants it has taken it;
// where that fails, the sender is told to come again later, so nothing is lost. Bounded in size and in connections.
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

export interface ListenerOptions {
  /** smtp://127.0.0.1:2525 or lmtp://127.0.0.1:2424; port 0 takes a free one. */
  readonly url: string;
  take(raw: Buffer, to: readonly string[]): Promise<void>;
  fails(error: unknown): void;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** A bounce that returns a large mail whole is larger; what it says stands at its beginning. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_CLIENTS = 50;

export async function listenForMail({ url, take, fails }: ListenerOptions): Promise<Listener> {
  const { protocol, hostname, port } = new URL(url);
  const server = new SMTPServer({
    lmtp: protocol === 'lmtp:',
    banner: 'Voronka takes bounces and replies, and relays nothing',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    rejectOversized: true,
    maxClients: MAX_CLIENTS,
    logger: false,
    onData: (stream, session, done) => {
      readAll(stream)
        .then((raw) => take(raw, recipientsOf(session)))
        .then(
          () => done(),
          (error: unknown) => {
            fails(error);
            done(Object.assign(new Error('4.3.0 Try again later'), { responseCode: 451 }));
          },
        );
    },
  });
  server.on('error', fails);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), hostname, resolve);
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : Number(port),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const recipientsOf = ({ envelope }: SMTPServerSession) => envelope.rcptTo.map(({ address }) => address);

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

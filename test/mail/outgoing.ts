// What the transport's tests share: a message, a gate, and the law that holds whatever a server does: what the sender was
// told agrees with what the sink recorded.
import { pino } from 'pino';
import { expect } from 'vitest';
import type { Message, Reply } from '../../mail/message.ts';
import { openTransport, type Transport, type TransportOptions } from '../../mail/transport.ts';
import type { Sink } from '../harness/sink.ts';

export const openTo = (url: string, more: Partial<TransportOptions> = {}): Transport =>
  openTransport({
    url,
    connections: 2,
    name: 'mail.acme.example',
    log: pino({ level: 'silent' }),
    waits: { connectMs: 20_000, bodyMs: 20_000, replyMs: 20_000 },
    restMs: 1,
    ...more,
  });

let counter = 0;
export const message = (more: Partial<Message> = {}): Message => {
  counter += 1;
  return {
    envelope: { from: 'b+1@bounce.acme.example', to: `c${counter}@beta.example` },
    messageId: `<${counter}.test@acme.example>`,
    from: { name: 'Acme', address: 'hello@acme.example' },
    to: { name: 'Анна', address: `c${counter}@beta.example` },
    replyTo: null,
    subject: 'Насосы',
    html: `<p>${'A line of the mail. '.repeat(400)}</p>\n.\n..\n.dots\n`,
    text: 'A line of the mail.\n.\n..\n.dots\n',
    at: Date.UTC(2026, 10, 23),
    headers: [{ key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' }],
    needsSmtpUtf8: false,
    ...more,
  };
};

/** Yes, after as many turns of the event loop as a commit takes: what the server says meanwhile is heard first. */
export const yes = async (): Promise<boolean> => {
  for (let n = 0; n < 10; n += 1) await new Promise((resolve) => setImmediate(resolve));
  return true;
};

export interface Told {
  readonly messageId: string;
  readonly reply: Reply;
}

export const sendSome = (count: number, over: Transport): Promise<Told[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const one = message();
      return { messageId: one.messageId, reply: await over.send(one, yes) };
    }),
  );

/** Nothing twice, nothing maimed, nothing both delivered and called failed, nothing called sent that is not there. */
export const expectTruth = (sink: Sink, told: readonly Told[]): void => {
  const times = (id: string) => sink.accepted.filter((one) => one.messageId === id).length;
  const lies = told.filter(({ messageId, reply }) => {
    const may = reply.is === 'accepted' ? [1] : reply.is === 'lost' && reply.phase === 'after' ? [0, 1] : [0];
    return !may.includes(times(messageId));
  });
  expect(lies).toEqual([]);
  expect(sink.accepted.filter((one) => !one.isWhole)).toEqual([]);
  const ids = sink.accepted.map((one) => one.messageId);
  expect(new Set(ids).size).toBe(ids.length);
};

/** As in `rejected rcpt`. */
export const kinds = (told: readonly Told[]): string[] => {
  const kind = ({ reply }: Told) => ('phase' in reply ? `${reply.is} ${reply.phase}` : reply.is);
  return [...new Set(told.map(kind))].sort();
};

/** A transport rests after a failed connection, and comes back. */
export const untilReachable = async (over: Transport): Promise<void> => {
  for (let n = 0; n < 500; n += 1) {
    const reply = await over.send(message(), yes);
    if (reply.is === 'accepted') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('The transport does not come back');
};

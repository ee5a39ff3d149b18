// How a message leaves, judged by the sink's own record: whole, once, to one recipient, and not before its gate is open;
// how lines are opened, used again and left. Servers that misbehave are in transport-cells.test.ts.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Transport, TransportOptions } from '../../mail/transport.ts';
import { type Sink, startSink } from '../harness/sink.ts';
import { expectTruth, kinds, message, openTo, sendSome, yes } from './outgoing.ts';

let sink: Sink;
let transport: Transport;
const opened: Transport[] = [];

const open = ({ url = sink.url, ...more }: Partial<TransportOptions> = {}): Transport => {
  const one = openTo(url, more);
  opened.push(one);
  return one;
};

beforeEach(async () => {
  sink = await startSink({ keepBodies: true });
  transport = open();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await sink.close();
});

describe('a message', () => {
  it('arrives whole, to one recipient, over lines that are used again', async () => {
    const told = await sendSome(12, transport);
    expectTruth(sink, told);
    expect(kinds(told)).toEqual(['accepted']);
    expect(sink.connections()).toBe(2);
    const [first] = sink.accepted;
    expect(first?.raw).toContain('\r\n\r\n');
    expect(first?.from).toBe('b+1@bounce.acme.example');
    expect(sink.commands.filter((one) => one.startsWith('RSET'))).toEqual([]);
  });

  it('of half a megabyte arrives whole', async () => {
    const one = message({ text: `${'word '.repeat(10)}\n.\n`.repeat(10_000) });
    expect(await transport.send(one, yes)).toMatchObject({ is: 'accepted' });
    expect(sink.accepted[0]).toMatchObject({ isWhole: true, messageId: one.messageId });
  });

  it('has the same bytes when it is sent again', async () => {
    const one = message();
    await transport.send(one, yes);
    await transport.send(one, yes);
    expect(sink.accepted[0]?.sha256).toBe(sink.accepted[1]?.sha256);
  });

  it('to a name that looks like an address goes to the address alone', async () => {
    const one = message();
    await transport.send({ ...one, to: { name: 'x, evil@evil.example', address: one.envelope.to } }, yes);
    expect(sink.accepted[0]?.to).toBe(one.envelope.to);
    expect(sink.commands.join('\n')).not.toContain('evil');
  });

  it('with a local part outside ASCII goes only where SMTPUTF8 is offered', async () => {
    const one = {
      ...message(),
      envelope: { from: 'a@acme.example', to: 'аня@почта.example' },
      needsSmtpUtf8: true,
    };
    expect(await transport.send(one, yes)).toMatchObject({ is: 'accepted' });
    expect(sink.accepted[0]?.to).toBe('аня@xn--80a1acny.example');
    const plain = await startSink({ extensions: [] });
    expect(await open({ url: plain.url }).send(one, yes)).toMatchObject({
      is: 'rejected',
      code: 553,
      enhanced: '5.6.7',
    });
    expect(plain.accepted).toEqual([]);
    await plain.close();
  });

  it('larger than the server takes is refused without being sent', async () => {
    const small = await startSink({ extensions: ['SIZE 1000'] });
    expect(await open({ url: small.url }).send(message(), yes)).toMatchObject({
      is: 'rejected',
      code: 552,
      phase: 'mail',
    });
    expect(small.commands.some((one) => one.startsWith('MAIL'))).toBe(false);
    await small.close();
  });
});

describe('the gate', () => {
  it('is asked when the whole body is with the server, and the dot waits for it', async () => {
    let letGo: (open: boolean) => void = () => undefined;
    let asked: () => void = () => undefined;
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const reply = transport.send(message(), () => {
      asked();
      return new Promise((resolve) => {
        letGo = resolve;
      });
    });
    await wasAsked;
    expect(sink.accepted).toEqual([]);
    letGo(true);
    expect(await reply).toMatchObject({ is: 'accepted' });
    expect(sink.accepted).toHaveLength(1);
  });

  it('that says no withholds the message, and the next one is unharmed', async () => {
    expect(await transport.send(message(), async () => false)).toEqual({ is: 'withheld' });
    const told = await sendSome(3, transport);
    expectTruth(sink, told);
    expect(sink.accepted).toHaveLength(3);
  });

  it('that throws withholds the message, and its fault is thrown on', async () => {
    const fault = new Error('the ledger is gone');
    await expect(transport.send(message(), () => Promise.reject(fault))).rejects.toBe(fault);
    expectTruth(sink, await sendSome(3, transport));
    expect(sink.accepted).toHaveLength(3);
  });

  it('that opens after the server has gone lets nothing out', async () => {
    sink.use({ at: 'body', byte: 2_000, drop: 'reset', reply: null, times: 1 });
    const one = message();
    const reply = await transport.send(one, async () => {
      await sink.untilClosed(1);
      return true;
    });
    expectTruth(sink, [{ messageId: one.messageId, reply }]);
    expect(reply).toMatchObject({ is: 'lost', phase: 'before' });
  });

  it('is never asked for a message that was refused before its body', async () => {
    sink.use({ at: 'rcpt', reply: '550 5.1.1 no such user' });
    let asked = 0;
    await transport.send(message(), async () => {
      asked += 1;
      return true;
    });
    expect(asked).toBe(0);
  });
});

describe('the way in', () => {
  it('refused says so, and is not stormed', async () => {
    const { port } = sink;
    await sink.close();
    const lonely = open({ url: `smtp://127.0.0.1:${port}`, restMs: 10_000 });
    const told = await sendSome(50, lonely);
    expect(kinds(told)).toEqual(['lost before']);
    sink = await startSink();
  });

  it('with a password logs in, and 535 is told as auth', async () => {
    const guarded = await startSink({ extensions: ['AUTH PLAIN LOGIN'] });
    const url = `smtp://anna:p%40ss@127.0.0.1:${guarded.port}`;
    expect(await open({ url }).send(message(), yes)).toMatchObject({ is: 'accepted' });
    expect(guarded.commands).toContain(`AUTH PLAIN ${Buffer.from('\0anna\0p@ss').toString('base64')}`);
    guarded.use({ at: 'auth', reply: '535 5.7.8 bad credentials' });
    expect(await open({ url }).send(message(), yes)).toMatchObject({
      is: 'rejected',
      code: 535,
      phase: 'auth',
    });
    await guarded.close();
  });

  it('is encrypted where STARTTLS is offered', async () => {
    const secure = await startSink({ extensions: ['STARTTLS'] });
    expect(await open({ url: secure.url }).send(message(), yes)).toMatchObject({ is: 'accepted' });
    expect(secure.commands.filter((one) => one.startsWith('EHLO'))).toHaveLength(2);
    expect(secure.accepted[0]?.isWhole).toBe(true);
    await secure.close();
  });

  it('without encryption is not taken where it is required: stripped, failing, or with a certificate nobody knows', async () => {
    const url = (of: Sink, more: string) => `smtp://127.0.0.1:${of.port}?require_tls=1${more}`;
    expect(await open({ url: url(sink, '') }).send(message(), yes)).toMatchObject({
      is: 'rejected',
      phase: 'connect',
    });
    const secure = await startSink({ extensions: ['STARTTLS'] });
    expect(await open({ url: url(secure, '&verify_tls=1') }).send(message(), yes)).toMatchObject({
      is: 'lost',
      phase: 'before',
    });
    secure.use({ at: 'starttls', reply: '454 4.7.0 not now' });
    expect(await open({ url: url(secure, '') }).send(message(), yes)).toMatchObject({
      is: 'rejected',
      code: 454,
    });
    expect([...sink.accepted, ...secure.accepted]).toEqual([]);
    await secure.close();
  });

  it('is told in words where its address is wrong', () => {
    expect(() => open({ url: 'mail.acme.example' })).toThrow(/write smtp:\/\//);
    expect(() => open({ url: 'smtp://a?tls=1' })).toThrow(/knows no "tls"/);
  });
});

describe('a line', () => {
  it('that the server closed while it rested is replaced without anyone noticing', async () => {
    expectTruth(sink, await sendSome(2, transport));
    sink.hangUp();
    await sink.untilClosed(2);
    const told = await sendSome(4, transport);
    expectTruth(sink, told);
    expect(kinds(told)).toEqual(['accepted']);
  });

  it('that the server ends with 421 at the next MAIL is replaced without anyone noticing', async () => {
    expectTruth(sink, await sendSome(2, transport));
    sink.use({ at: 'mail', reply: '421 4.4.2 idle too long', drop: true, times: 1 });
    expect(kinds(await sendSome(2, transport))).toEqual(['accepted']);
  });

  it('is closed after its number of messages', async () => {
    const short = open({ messagesPerLine: 3, connections: 1 });
    expectTruth(sink, await sendSome(7, short));
    expect(sink.connections()).toBe(3);
  });

  it('is reset after a recipient is refused, and used again', async () => {
    sink.use({ at: 'rcpt', reply: '550 5.1.1 no', times: 2 });
    const told = await sendSome(6, open({ connections: 1 }));
    expectTruth(sink, told);
    expect(kinds(told)).toEqual(['accepted', 'rejected rcpt']);
    expect(sink.connections()).toBe(1);
    expect(sink.commands.filter((one) => one === 'RSET')).toHaveLength(2);
  });

  it('is left with QUIT, after what is under way', async () => {
    const leaving = open();
    const reply = leaving.send(message(), yes);
    await leaving.close();
    expect(await reply).toMatchObject({ is: 'accepted' });
    expect(sink.commands).toContain('QUIT');
    await expect(leaving.send(message(), yes)).rejects.toThrow(/closed/);
  });
});

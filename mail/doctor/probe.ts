// Knocks at the relay as a sender would, up to TLS and no further: does it offer it, and does its certificate hold?
// Says no password and sends nothing. Answers null where nobody opens.
import { connect, type Socket } from 'node:net';
import { connect as secure, type TLSSocket } from 'node:tls';
import { readSmtpUrl, type Server } from '../transport-url.ts';
import type { TlsProbe } from './paths.ts';

const patienceMs = 10_000;

export async function probeRelay(url: string, name: string): Promise<TlsProbe | null> {
  const server = readSmtpUrl(url);
  const { host, port } = server;
  const socket = server.secure ? secure(optionsOf(server)) : connect({ host, port });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer')));
  try {
    if (server.secure) return judge(await shaken(socket as TLSSocket));
    await reply(socket);
    const offers = await say(socket, `EHLO ${name}`);
    if (!/[ -]STARTTLS\b/i.test(offers)) return { offersTls: false, certificateFault: null, protocol: null };
    const ready = await say(socket, 'STARTTLS');
    if (!ready.startsWith('220')) return { offersTls: false, certificateFault: null, protocol: null };
    return judge(await shaken(secure({ ...optionsOf(server), socket })));
  } catch (error) {
    // A relay that cannot be reached is a finding, whatever the network calls it.
    if (error instanceof Error) return null;
    throw error;
  } finally {
    socket.destroy();
  }
}

function optionsOf({ host, port }: Server) {
  // Judged by what it answers, not refused: the finding says what is wrong with it.
  return { host, port, servername: /^[\d.:]+$/.test(host) ? '' : host, rejectUnauthorized: false };
}

function judge(socket: TLSSocket): TlsProbe {
  const fault: unknown = socket.authorizationError;
  const certificateFault = socket.authorized ? null : fault instanceof Error ? fault.message : String(fault);
  const probe = { offersTls: true, certificateFault, protocol: socket.getProtocol() };
  socket.destroy();
  return probe;
}

function shaken(socket: TLSSocket): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function say(socket: Socket, command: string): Promise<string> {
  const answer = reply(socket);
  socket.write(`${command}\r\n`);
  return answer;
}

/** All lines of one reply: the last has a space after its code. */
function reply(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (act: () => void) => {
      socket.off('data', onData);
      socket.off('error', onError);
      socket.off('close', onClose);
      act();
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (/^\d{3}(?: .*)?\r?\n/m.test(text) || text.length > 65_536) done(() => resolve(text));
    };
    const onError = (error: Error) => done(() => reject(error));
    const onClose = () => done(() => reject(new Error('the relay hung up')));
    socket.on('data', onData).once('error', onError).once('close', onClose);
  });
}

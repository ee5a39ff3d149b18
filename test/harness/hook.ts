// A program that is called: on 127.0.0.1, over http or https, answering as it is told. It counts every byte that reaches
// it, also those that are no request.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hookCertificate, hookKey } from './certificate.ts';

export interface Called {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

export type Hook = Awaited<ReturnType<typeof openHook>>;

/** `answer` is asked for each request; null: it stays silent. */
export async function openHook(
  answer: (called: Called, count: number) => Answer | null = () => ({ status: 200 }),
  isSecure = false,
) {
  const calls: Called[] = [];
  let bytes = 0;
  let connections = 0;
  const server: Server = isSecure
    ? createSecureServer({ key: hookKey, cert: hookCertificate })
    : createServer();
  server.on('connection', (socket) => {
    connections += 1;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    socket.on('error', () => socket.destroy());
  });
  server.on('request', async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const called = {
      headers: request.headers,
      path: request.url ?? '',
      body: Buffer.concat(parts).toString(),
    };
    calls.push(called);
    const said = answer(called, calls.length);
    if (said !== null) response.writeHead(said.status, said.headers).end(said.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    calls,
    bytes: () => bytes,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// What mail needs beside a delivery, for tests: a house with a fixed key, an identity, and a transport to a given server.
import type { Logger } from 'pino';
import type { Identity } from '../../mail/compose.ts';
import type { House } from '../../mail/marks.ts';
import { openTransport, type TransportOptions } from '../../mail/transport.ts';
import type { Post } from '../../workers/io.ts';
import { openCaller } from '../../workers/webhook.ts';

export const house: House = {
  publicUrl: 'http://127.0.0.1:9',
  domain: 'acme.example',
  bounceDomain: null,
  keys: [{ id: 'test', secret: 'a secret of the tests' }],
};

export const identity: Identity = {
  from: { name: 'Acme', address: 'hello@acme.example' },
  replyTo: null,
  company: 'Acme',
  address: '1 Main Street',
  domain: 'acme.example',
};

/** No test calls anybody, unless it brings a caller of its own. */
const noCaller = openCaller({ keys: [], hosts: [], resolve: async () => [] });

export function openPost(
  url: string,
  log: Logger,
  connections = 5,
  more: Partial<TransportOptions> = {},
): Post {
  return {
    house,
    identity,
    caller: noCaller,
    transport: openTransport({ url, connections, name: 'worker.test', log, ...more }),
  };
}

// One POST to one address that has been checked: the name is not resolved again, it only stands in SNI and Host. Of the
// answer the status is read and a little of the body thrown away; time and size are bounded, and a connection serves
// one call. Never rejects.
import { type ClientRequest, type IncomingMessage, request as open, type RequestOptions } from 'node:http';
import { request as openSecure } from 'node:https';
import { isIP } from 'node:net';
import type { Said } from './webhook-body.ts';
import type { Answer } from './webhook-verdict.ts';

export interface Wire {
  readonly url: URL;
  readonly address: string;
  readonly timeoutMs: number;
  /** Certificates to trust beside the system's. */
  readonly ca: string | undefined;
}

/** More than a receipt needs; what is longer is cut off and counts by its status. */
const mostBytes = 64 * 1024;

export function post({ url, address, timeoutMs, ca }: Wire, { body, headers }: Said): Promise<Answer> {
  const isSecure = url.protocol === 'https:';
  const name = hostOf(url);
  const options: RequestOptions & { servername?: string; ca?: string } = {
    host: address,
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: { host: url.host, ...headers },
    agent: false,
    ...(isSecure && isIP(name) === 0 ? { servername: name } : {}),
    ...(isSecure && ca !== undefined ? { ca } : {}),
  };
  return new Promise((resolve) => {
    const request = isSecure ? openSecure(options) : open(options);
    const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    request.on('close', () => clearTimeout(timer));
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ is: 'silent', why: error.code ?? error.message }),
    );
    request.on('response', (response) => resolve(readAnswer(request, response)));
    request.end(body);
  });
}

/** Without the brackets of an IPv6 address, and without the dot at the end of a rooted name. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function readAnswer(request: ClientRequest, response: IncomingMessage): Promise<Answer> {
  const answer: Answer = {
    is: 'answered',
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'] ?? null,
  };
  return new Promise((resolve) => {
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) request.destroy();
    });
    // However it ends: the status has been said, and it is the whole answer.
    response.on('close', () => resolve(answer));
    response.on('error', () => resolve(answer));
  });
}

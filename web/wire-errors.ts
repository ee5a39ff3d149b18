// What goes wrong before a route is found: addresses that do not decode, requests that are not HTTP, too slow or too
// large in their headers. Answered in the same form as everything else, and never with the address in it.
import type { FastifyError } from 'fastify';
import { everywhere } from './headers.ts';

interface RawReply {
  readonly raw: {
    writeHead(status: number, headers: { [name: string]: string }): unknown;
    end(body: string): unknown;
  };
}
interface Wire {
  readonly writable: boolean;
  end(text: string): unknown;
  destroy(): unknown;
}

const words: { readonly [code: string]: readonly [status: number, message: string] } = {
  FST_ERR_BAD_URL: [400, 'This address does not decode: a % is followed by two hexadecimal digits'],
  FST_ERR_MAX_PARAM_LENGTH: [404, 'There is nothing at an address as long as this'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of this request are larger than 16 KB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'This request took longer than 30 s to arrive'],
};
const otherwise = [400, 'This request is not HTTP as we understand it'] as const;

export function answerFramework(error: FastifyError, _request: unknown, reply: RawReply): void {
  const [status, message] = words[error.code] ?? otherwise;
  const headers = { ...everywhere, 'content-type': 'application/json; charset=utf-8' };
  reply.raw.writeHead(status, headers);
  reply.raw.end(JSON.stringify({ error: { message } }));
}

export function answerWire(error: { readonly code?: string }, wire: Wire): void {
  // Whoever hung up reads no answer.
  if (error.code === 'ECONNRESET' || !wire.writable) {
    wire.destroy();
    return;
  }
  const [status, message] = words[error.code ?? ''] ?? otherwise;
  const body = JSON.stringify({ error: { message } });
  wire.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

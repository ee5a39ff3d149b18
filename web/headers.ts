// Headers that every answer carries: nothing may be framed, sniffed, scripted or kept by a cache unless a page says
// otherwise for itself. Links to us hold tokens, so a referrer never leaves this origin.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { WebDeps } from './deps.ts';

export const everywhere: { readonly [name: string]: string } = {
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not "no-referrer": browsers would then send `Origin: null` with our own forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
};

/** What a page may load: our stylesheet, our script, our own pictures and frames; forms go to us alone. */
const ofPages = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A mail shown in a frame of ours: no scripts, no forms; its links open beside. Its own styles are inline. */
const ofMails = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data: https:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

export function addSecurity(server: FastifyInstance, deps: WebDeps): void {
  const isSecure = deps.publicUrl.startsWith('https:');
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(everywhere).header('x-request-id', request.id);
    if (isSecure) reply.header('strict-transport-security', 'max-age=31536000');
  });
}

export function allowPage(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', ofPages).type('text/html; charset=utf-8');
}

export function allowMail(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', ofMails)
    .header('x-frame-options', 'SAMEORIGIN')
    .type('text/html; charset=utf-8');
}

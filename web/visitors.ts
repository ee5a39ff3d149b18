// Who may look at an operator's pages: whoever sits at this machine, without ceremony, and elsewhere whoever has shown
// an API key that may read. "At this machine" is a connection over loopback that asks for a loopback name and came
// through no proxy, to an installation whose public address is this machine too: a page elsewhere that makes its own name resolve to 127.0.0.1 asks for another name, and a
// reverse proxy on the same machine says that it is one.
import type { FastifyRequest } from 'fastify';
import { isKeyLive } from '../db/keys.ts';
import { sign, verify } from '../mail/links.ts';
import type { WebDeps } from './deps.ts';

const SESSION_MS = 12 * 3_600_000;
const PURPOSE = 'session';
const COOKIE = 'voronka_session';

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const homeName = /^(localhost|([a-z0-9-]+\.)+localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
const proxies = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

function isAtHome({ publicUrl }: WebDeps, request: FastifyRequest): boolean {
  return (
    // A bare reverse proxy says neither its name nor the visitor's; behind one, the public address is another.
    homeName.test(new URL(publicUrl).host) &&
    loopback.test(request.raw.socket.remoteAddress ?? '') &&
    homeName.test(request.headers.host ?? '') &&
    proxies.every((name) => request.headers[name] === undefined)
  );
}

export async function mayLook(deps: WebDeps, request: FastifyRequest): Promise<boolean> {
  if (isAtHome(deps, request)) return true;
  const session = verify(cookieOf(request, COOKIE) ?? '', PURPOSE, deps.linkKeys);
  if (session === null || (session.expiresAt ?? 0) <= (await deps.clock.now())) return false;
  return isKeyLive(deps.db, session.id);
}

/** The Set-Cookie for someone who has shown the key with this id: theirs for half a day, or until it is revoked. */
export async function openSession(deps: WebDeps, keyId: string): Promise<string> {
  const expiresAt = (await deps.clock.now()) + SESSION_MS;
  return cookie(deps, sign(PURPOSE, keyId, deps.linkKeys, expiresAt), SESSION_MS / 1000);
}

export function closeSession(deps: WebDeps): string {
  return cookie(deps, '', 0);
}

/** Strict: no other site can make a visitor's browser bring it along, so forms need no token of their own. */
function cookie(deps: WebDeps, value: string, maxAge: number): string {
  const secure = deps.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`;
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  return request.headers.cookie
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

// Calls other programs, for the `call` step and about tasks: resolves the name once, refuses what is not public, and posts to the very
// address that was checked, so that a name which answers differently the second time gains nothing. At least once: a
// worker that dies in the middle is repeated under the same webhook-id. Hosts that the operator names may be private.
import { isIP } from 'node:net';
import { draw } from '../engine/hash.ts';
import type { CallRequest, TellRequest } from '../engine/requests.ts';
import type { Delivery, Facts, Outcome } from '../engine/step.ts';
import { isPublic } from './webhook-address.ts';
import { type WebhookKeys, writeCall } from './webhook-body.ts';
import { type Answer, judgeAnswer } from './webhook-verdict.ts';
import { hostOf, post } from './webhook-wire.ts';

export interface Caller {
  call(request: CallRequest | TellRequest, asked: Asked): Promise<Outcome>;
}

export interface Asked {
  readonly delivery: Delivery;
  readonly facts: Facts;
  readonly now: number;
}

export interface CallerOptions {
  readonly keys: WebhookKeys;
  /** `host` or `host:port` as the file writes them: may be private, and may go unencrypted. */
  readonly hosts: readonly string[];
  /** All addresses of a name. */
  resolve(name: string): Promise<readonly string[]>;
  /** Certificates to trust beside the system's. */
  readonly ca?: string;
}

export function openCaller(options: CallerOptions): Caller {
  return {
    async call(request, asked) {
      const { delivery, now } = asked;
      const answer = await ask(options, request, asked);
      const { id, attempt, expiresAt } = delivery;
      return judgeAnswer(answer, { attempt, now, expiresAt, random: draw(id, String(attempt)) });
    },
  };
}

async function ask(
  options: CallerOptions,
  request: CallRequest | TellRequest,
  asked: Asked,
): Promise<Answer> {
  if (!URL.canParse(request.url)) return forbid('it is no address');
  const url = new URL(request.url);
  const isNamed = options.hosts.includes(url.host) || options.hosts.includes(url.hostname);
  if (url.protocol !== 'https:' && !(isNamed && url.protocol === 'http:'))
    return forbid(`${url.protocol}// is not called`);
  if (url.username !== '' || url.password !== '') return forbid('an address with a user in it is not called');
  const name = hostOf(url);
  const found = await addressesOf(options, name);
  if ('is' in found) return found;
  // One private address among public ones is how a rebinding name looks.
  const hidden = found.find((address) => !isPublic(address));
  if (hidden !== undefined && !isNamed) return forbid('the name leads to a private address');
  const [address] = found;
  if (address === undefined) return { is: 'silent', why: 'the name has no address' };
  const { timeoutMs } = request;
  return await post({ url, address, timeoutMs, ca: options.ca }, writeCall(request, asked, options.keys));
}

const forbid = (why: string): Answer => ({ is: 'forbidden', why });

async function addressesOf({ resolve }: CallerOptions, name: string): Promise<readonly string[] | Answer> {
  if (isIP(name) !== 0) return [name];
  try {
    return await resolve(name);
  } catch (error) {
    return { is: 'silent', why: `the name could not be resolved: ${codeOf(error)}` };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

// /c/:token and /o/:token, the tracked links and the picture of a mail. GET and HEAD note a hit and change nothing else:
// what it was is judged later, with the others of its mail. A link leads where its author said, by the id in its token;
// the address itself says nothing of that, so it cannot be turned elsewhere. Answered from memory after the first time.
import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NewHit } from '../db/hits.ts';
import { readFactsOf, readLinkOf } from '../db/recipients.ts';
import { readTarget } from '../db/targets.ts';
import { hasTags, tagAddress, utmFor, writeTags } from '../engine/utm.ts';
import { followTarget, isPersonal } from '../mail/follow.ts';
import { CLICK_PATH, OPEN_PATH, readClick, readOpen, TRAP } from '../mail/tracking.ts';
import { readSigns } from '../mail/visitor-signs.ts';
import type { WebDeps } from './deps.ts';
import { openHitBook } from './hits.ts';
import { sendBroken, type TokenRequest } from './letters.ts';

/** One transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const MOST_KEPT = 10_000;

export function addTracking(scope: FastifyInstance, deps: WebDeps): void {
  const book = openHitBook(deps);
  const targets = keepTargets(deps);
  scope.addHook('onClose', () => book.close());

  scope.get(`${CLICK_PATH}:token`, async (request: TokenRequest, reply) => {
    const click = readClick(request.params.token, deps.linkKeys);
    if (click === null) return sendBroken(deps, request, reply);
    const { deliveryId, target } = click;
    book.note({ ...describe(deps, request), deliveryId, kind: 'click', target });
    if (target === TRAP) return reply.code(204).send();
    const url = await targets(target);
    if (url === null) return sendBroken(deps, request, reply);
    const facts = isPersonal(url) ? await readFactsOf(deps.db, deliveryId) : null;
    const address = followTarget(url, facts);
    if (address === null) return sendBroken(deps, request, reply);
    return lead(reply, tagAddress(address, await tagsOf(deps, deliveryId, target)));
  });

  scope.get(`${OPEN_PATH}:token`, async (request: TokenRequest, reply) => {
    const deliveryId = readOpen(request.params.token, deps.linkKeys);
    if (deliveryId !== null)
      book.note({ ...describe(deps, request), deliveryId, kind: 'open', target: null });
    // A picture that breaks would show: a token that is not ours gets the same pixel, and counts for nothing.
    return reply.type('image/gif').header('cross-origin-resource-policy', 'cross-origin').send(PIXEL);
  });
}

/** As policy.yaml says today; empty where it says nothing, or nothing is known of the mail any more. */
async function tagsOf({ db, catalogue }: WebDeps, deliveryId: string, target: string): Promise<string> {
  const { policy } = await catalogue();
  if (!hasTags(policy)) return '';
  const link = await readLinkOf(db, deliveryId, target);
  if (link === null) return '';
  return writeTags(utmFor(policy, link.topic), { ...link, topic: link.topic ?? 'transactional' });
}

function lead(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('referrer-policy', 'no-referrer').redirect(url, 302);
}

/** What is kept of a request: signs, and a keyed hash that tells two visitors apart until the hit is judged. */
function describe(
  { linkKeys }: WebDeps,
  request: FastifyRequest,
): Pick<NewHit, 'method' | 'visitor' | 'signs'> {
  const who = `visitor\0${request.ip}\0${request.headers['user-agent'] ?? ''}`;
  return {
    method: request.method === 'HEAD' ? 'HEAD' : 'GET',
    visitor: createHmac('sha256', linkKeys[0]?.secret ?? '')
      .update(who)
      .digest()
      .subarray(0, 8),
    signs: readSigns(request.headers),
  };
}

/** A target never changes under its id, so it is asked for once. */
function keepTargets({ db }: WebDeps): (id: string) => Promise<string | null> {
  const kept = new Map<string, string>();
  return async (id) => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const url = await readTarget(db, id);
    if (kept.size >= MOST_KEPT) kept.clear();
    if (url !== null) kept.set(id, url);
    return url;
  };
}

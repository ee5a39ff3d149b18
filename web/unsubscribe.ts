// /u/:token, from a mail's link and from its List-Unsubscribe header. GET and HEAD show a button and change nothing,
// because machines follow links. POST unsubscribes at once, again and again to the same effect, without a cookie or a
// login, also where the token's time is over (RFC 8058): whoever holds it got the mail. Its body is not looked at: a
// provider that words its POST differently still means it.
//
// A mail whose last dot may already be on the wire when the suppression commits is waited for, a little while, so
// that nobody gets a mail after having been told that there will be none.
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { countCommitting, readLocale } from '../db/recipients.ts';
import { unsubscribe } from '../db/suppressions.ts';
import { preferencesPath, readUnsubscribe, UNSUBSCRIBE_PATH } from '../mail/marks.ts';
import { ring } from './bell.ts';
import { agentOf } from './consent.ts';
import type { WebDeps } from './deps.ts';
import { allowPage } from './headers.ts';
import { sendBroken, type TokenRequest } from './letters.ts';
import { askPage, donePage } from './pages/unsubscribe.ts';
import { wordsFor } from './pages/words.ts';

const LOOK_EVERY_MS = 25;

export function addUnsubscribe(scope: FastifyInstance, deps: WebDeps): void {
  scope.get(`${UNSUBSCRIBE_PATH}:token`, async (request: TokenRequest, reply) => {
    const who = readUnsubscribe(request.params.token, deps.linkKeys);
    if (who === null) return sendBroken(deps, request, reply);
    const words = wordsFor((await readLocale(deps.db, who.contactId)) ?? request.headers['accept-language']);
    const preferences = preferencesPath(who.contactId, deps.linkKeys);
    return allowPage(reply).send(askPage(words, await deps.company(), who.topic, preferences));
  });

  scope.post(`${UNSUBSCRIBE_PATH}:token`, async (request: TokenRequest, reply) => {
    const who = readUnsubscribe(request.params.token, deps.linkKeys);
    if (who === null) return sendBroken(deps, request, reply);
    const { contactId, topic } = who;
    const words = wordsFor((await readLocale(deps.db, contactId)) ?? request.headers['accept-language']);
    const now = await deps.clock.now();
    const proof = { how: 'unsubscribe link', deliveryId: who.deliveryId, agent: agentOf(request) };
    await unsubscribe(deps.db, { contactId, topic: topic ?? '*', now, proof });
    ring(deps, 'advance');
    await waitForTheWire(deps, contactId);
    const preferences = preferencesPath(contactId, deps.linkKeys);
    return allowPage(reply).send(donePage(words, await deps.company(), topic, preferences));
  });
}

async function waitForTheWire(deps: WebDeps, contactId: string): Promise<void> {
  for (let left = Math.ceil(deps.limits.settleMs / LOOK_EVERY_MS); left > 0; left--) {
    if ((await countCommitting(deps.db, contactId)) === 0) return;
    await wait(LOOK_EVERY_MS);
  }
}

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
import { textIn } from '../engine/policy.ts';
import { preferencesPath, readUnsubscribe, UNSUBSCRIBE_PATH } from '../mail/marks.ts';
import { ring } from './bell.ts';
import { agentOf } from './consent.ts';
import type { WebDeps } from './deps.ts';
import { allowPage } from './headers.ts';
import { sendBroken, type TokenRequest } from './letters.ts';
import { askPage, donePage } from './pages/unsubscribe.ts';
import type { Words } from './pages/wording.ts';
import { topicIn, wordsFor } from './pages/words.ts';

const LOOK_EVERY_MS = 25;

export function addUnsubscribe(scope: FastifyInstance, deps: WebDeps): void {
  scope.get(`${UNSUBSCRIBE_PATH}:token`, async (request: TokenRequest, reply) => {
    const who = readUnsubscribe(request.params.token, deps.linkKeys);
    if (who === null) return sendBroken(deps, request, reply);
    const { words, mails } = await tellOf(deps, request, who);
    const preferences = preferencesPath(who.contactId, deps.linkKeys);
    return allowPage(reply).send(askPage(words, await deps.company(), mails, preferences));
  });

  scope.post(`${UNSUBSCRIBE_PATH}:token`, async (request: TokenRequest, reply) => {
    const who = readUnsubscribe(request.params.token, deps.linkKeys);
    if (who === null) return sendBroken(deps, request, reply);
    const { contactId, topic } = who;
    const { words, mails } = await tellOf(deps, request, who);
    const now = await deps.clock.now();
    const proof = { how: 'unsubscribe link', deliveryId: who.deliveryId, agent: agentOf(request) };
    await unsubscribe(deps.db, { contactId, topic: topic ?? '*', now, proof });
    ring(deps, 'advance');
    await waitForTheWire(deps, contactId);
    const preferences = preferencesPath(contactId, deps.linkKeys);
    return allowPage(reply).send(donePage(words, await deps.company(), mails, preferences));
  });
}

/** The reader's words, and in them what is left: a topic by the name that policy.yaml gives it. */
async function tellOf(
  { db, catalogue }: WebDeps,
  request: TokenRequest,
  { contactId, topic }: { contactId: string; topic: string | null },
): Promise<{ words: Words; mails: string }> {
  const locale = (await readLocale(db, contactId)) ?? request.headers['accept-language'] ?? null;
  const words = wordsFor(locale);
  const { topics } = (await catalogue()).policy;
  const declared = topic !== null && Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  const name = declared === undefined ? null : textIn(declared.name, locale);
  return { words, mails: name === null ? topicIn(words, topic) : words.topic(name) };
}

async function waitForTheWire(deps: WebDeps, contactId: string): Promise<void> {
  for (let left = Math.ceil(deps.limits.settleMs / LOOK_EVERY_MS); left > 0; left--) {
    if ((await countCommitting(deps.db, contactId)) === 0) return;
    await wait(LOOK_EVERY_MS);
  }
}

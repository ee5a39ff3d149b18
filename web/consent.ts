// /confirm/:token, from the mail that asks a mailbox to confirm. GET and HEAD show what is asked, with a button, and change
// nothing; POST confirms, again and again to the same effect, and is what the consent log keeps as proof: the mail that
// asked, the words that were shown, the program that said yes.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { confirmConsent, readAsked } from '../db/consent-confirm.ts';
import type { Proof } from '../db/consents.ts';
import { readLocale } from '../db/recipients.ts';
import { type Policy, textIn } from '../engine/policy.ts';
import { CONFIRM_PATH, preferencesPath, readConfirm } from '../mail/marks.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { allowPage } from './headers.ts';
import { sendBroken, type TokenRequest } from './letters.ts';
import { confirmedPage, confirmPage, type ShownTopic } from './pages/consent.ts';
import type { Words } from './pages/wording.ts';
import { topicIn, wordsFor } from './pages/words.ts';

const AGENT_LENGTH = 500;

export function addConsent(scope: FastifyInstance, deps: WebDeps): void {
  const look = async (request: TokenRequest) => {
    const who = readConfirm(request.params.token, deps.linkKeys);
    const asked = who && (await readAsked(deps.db, who.contactId));
    if (who === null || asked === null) return null;
    const locale = (await readLocale(deps.db, who.contactId)) ?? request.headers['accept-language'] ?? null;
    const { policy } = await deps.catalogue();
    return { ...who, asked, locale, policy, words: wordsFor(locale), company: await deps.company() };
  };

  scope.get(`${CONFIRM_PATH}:token`, async (request: TokenRequest, reply) => {
    const seen = await look(request);
    if (seen === null) return sendBroken(deps, request, reply);
    const { contactId, asked, words, company, policy, locale } = seen;
    if (asked.length === 0)
      return allowPage(reply).send(confirmedPage(words, company, preferencesPath(contactId, deps.linkKeys)));
    const shown = asked.map((topic) => showTopic(topic, policy, words, locale));
    return allowPage(reply).send(confirmPage(words, company, shown));
  });

  scope.post(`${CONFIRM_PATH}:token`, async (request: TokenRequest, reply) => {
    const seen = await look(request);
    if (seen === null) return sendBroken(deps, request, reply);
    const { contactId, deliveryId, words, company, policy, locale } = seen;
    const now = await deps.clock.now();
    const proofOf = (topic: string): Proof => ({
      how: 'confirming button',
      deliveryId,
      place: `${deps.publicUrl}${CONFIRM_PATH}`,
      agent: agentOf(request),
      text: showTopic(topic, policy, words, locale).text ?? undefined,
    });
    const confirmed = await confirmConsent(deps.db, { contactId, now, proofOf });
    if (confirmed.length > 0) ring(deps, 'advance');
    return allowPage(reply).send(confirmedPage(words, company, preferencesPath(contactId, deps.linkKeys)));
  });
}

/** A topic in the reader's words: the policy's, or the page's own where it has none. */
export function showTopic(topic: string, policy: Policy, words: Words, locale: string | null): ShownTopic {
  const declared = Object.hasOwn(policy.topics, topic) ? policy.topics[topic] : undefined;
  const name = declared === undefined ? null : textIn(declared.name, locale);
  const text = declared === undefined ? null : textIn(declared.text, locale);
  return { topic, name: name ?? topicIn(words, topic), text };
}

export function agentOf(request: FastifyRequest): string | undefined {
  return request.headers['user-agent']?.replace(/\p{Cc}+/gu, ' ').slice(0, AGENT_LENGTH);
}

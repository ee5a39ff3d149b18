// /p/:token, from the foot of every mail: topics, a pause of thirty days, everything off. GET and HEAD show, POST changes;
// whoever holds the link got the mail, so what is chosen here is the mailbox's own word.
import type { FastifyInstance } from 'fastify';
import type { Proof } from '../db/consents.ts';
import { chooseTopics, type Preferences, pauseMail, readPreferences } from '../db/preferences.ts';
import { unsubscribe } from '../db/suppressions.ts';
import { isZone } from '../engine/calendar-zone.ts';
import type { Policy } from '../engine/policy.ts';
import { PREFERENCES_PATH, readPreferences as readToken } from '../mail/marks.ts';
import { ring } from './bell.ts';
import { agentOf, showTopic } from './consent.ts';
import type { WebDeps } from './deps.ts';
import { allowPage } from './headers.ts';
import { formOf, sendBroken, type TokenRequest } from './letters.ts';
import { type Done, preferencesPage } from './pages/preferences.ts';
import { wordsFor } from './pages/words.ts';

const PAUSE_MS = 30 * 86_400_000;

interface Change {
  readonly contactId: string;
  readonly now: number;
  readonly topics: readonly string[];
  readonly chosen: readonly string[];
  proofOf(topic: string): Proof;
}

/** What each button does, by the form's `do`. */
const changes: { readonly [name: string]: (deps: WebDeps, change: Change) => Promise<Done> } = {
  async save({ db }, change) {
    await chooseTopics(db, change, { chosen: change.chosen, offered: change.topics });
    return 'saved';
  },
  async pause({ db }, { contactId, now }) {
    await pauseMail(db, { contactId, now, until: now + PAUSE_MS });
    return 'paused';
  },
  async resume({ db }, { contactId, now }) {
    await pauseMail(db, { contactId, now, until: null });
    return 'resumed';
  },
  async off({ db }, { contactId, now, proofOf }) {
    await unsubscribe(db, { contactId, topic: '*', now, proof: { ...proofOf('*'), text: undefined } });
    return 'off';
  },
};

export function addPreferences(scope: FastifyInstance, deps: WebDeps): void {
  const show = async (request: TokenRequest, reply: Parameters<typeof sendBroken>[2], done: Done) => {
    const contactId = readToken(request.params.token, deps.linkKeys);
    const found = contactId && (await readPreferences(deps.db, contactId, await deps.clock.now()));
    if (!found) return sendBroken(deps, request, reply);
    const { policy } = await deps.catalogue();
    const locale = found.locale ?? request.headers['accept-language'] ?? null;
    const words = wordsFor(locale);
    const topics = offeredTo(found, policy).map((topic) => ({
      ...showTopic(topic, policy, words, locale),
      isWanted: found.wanted.includes(topic),
      isAsked: found.asked.includes(topic),
    }));
    const pausedUntil = found.pausedUntil === null ? null : dayIn(found, words.lang, found.pausedUntil);
    const choices = { topics, pausedUntil, isBlocked: found.blocked !== null };
    return allowPage(reply).send(preferencesPage(words, await deps.company(), choices, done));
  };

  scope.get(`${PREFERENCES_PATH}:token`, (request: TokenRequest, reply) => show(request, reply, null));

  scope.post(`${PREFERENCES_PATH}:token`, async (request: TokenRequest, reply) => {
    const contactId = readToken(request.params.token, deps.linkKeys);
    const form = formOf(request);
    const name = form.get('do') ?? '';
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
    if (contactId === null || change === undefined) return show(request, reply, null);
    const now = await deps.clock.now();
    const before = await readPreferences(deps.db, contactId, now);
    if (before === null) return sendBroken(deps, request, reply);
    const { policy } = await deps.catalogue();
    const words = wordsFor(before.locale);
    const done = await change(deps, {
      contactId,
      now,
      topics: offeredTo(before, policy),
      chosen: form.getAll('topic'),
      proofOf: (topic) => ({
        how: 'preference page',
        place: `${deps.publicUrl}${PREFERENCES_PATH}`,
        agent: agentOf(request),
        text: showTopic(topic, policy, words, before.locale).text ?? undefined,
      }),
    });
    ring(deps, 'advance');
    ring(deps, 'deliver');
    return show(request, reply, done);
  });
}

/** The declared topics, and what this contact gets beside them. */
function offeredTo({ wanted, asked }: Preferences, { topics }: Policy): string[] {
  return [...new Set([...Object.keys(topics), ...wanted, ...asked])];
}

/** `12 December 2026`, on the contact's own calendar. */
function dayIn({ timezone }: Preferences, lang: string, at: number): string {
  const form = (timeZone: string) =>
    new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { dateStyle: 'long', timeZone });
  const day = form(timezone !== null && isZone(timezone) ? timezone : 'UTC').format(at);
  // It stands at the end of a sentence, which has its own full stop.
  return day.replace(/\s?г\.$/, ' года');
}

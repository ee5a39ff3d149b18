// /s/:token, from the scale in a survey's mail. GET shows the scale with the score of the link marked and stores nothing,
// because machines follow all eleven links; the answer counts on POST alone, and may be changed for fourteen days.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerSurvey, type KnownAsking, readAsking } from '../db/surveys.ts';
import { groupOf, textFor } from '../engine/survey-text.ts';
import { readSurveyLink, SURVEY_PATH } from '../mail/marks.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { allowPage } from './headers.ts';
import { formOf, sendBroken, type TokenRequest } from './letters.ts';
import { surveyPage, thanksPage } from './pages/survey.ts';
import { wordsFor } from './pages/words.ts';

const longestComment = 4_000;

export function addSurveyPage(scope: FastifyInstance, deps: WebDeps): void {
  scope.get(`${SURVEY_PATH}:token`, async (request: TokenRequest, reply) => {
    const asking = await askingOf(deps, request);
    if (asking === null) return sendBroken(deps, request, reply);
    const marked = readScore((request.query as { readonly score?: unknown }).score);
    return await show(deps, request, reply, asking, marked ?? asking.score, false);
  });

  scope.post(`${SURVEY_PATH}:token`, async (request: TokenRequest, reply) => {
    const asking = await askingOf(deps, request);
    if (asking === null) return sendBroken(deps, request, reply);
    const form = formOf(request);
    const score = readScore(form.get('score'));
    if (score === null) return await show(deps, request, reply.code(400), asking, asking.score, true);
    const said = (form.get('comment') ?? '').replace(/[\0\p{Cs}]/gu, '').trim();
    if (said.length > longestComment) throw problem(400, 'This is too long.');
    const comment = said === '' ? null : said;
    const now = await deps.clock.now();
    const came = await answerSurvey(deps.db, asking.id, { score, comment, now });
    if (came === 'answered') ring(deps, 'advance');
    const kept = came === 'answered' ? score : (asking.score ?? score);
    const words = wordsOf(request, asking);
    return allowPage(reply).send(thanksPage(words, await deps.company(), groupOf(kept), came === 'answered'));
  });
}

async function askingOf(deps: WebDeps, request: TokenRequest): Promise<KnownAsking | null> {
  const id = readSurveyLink(request.params.token, deps.linkKeys);
  return id === null ? null : await readAsking(deps.db, id);
}

function wordsOf(request: TokenRequest, asking: KnownAsking) {
  return wordsFor(asking.locale ?? request.headers['accept-language']);
}

async function show(
  deps: WebDeps,
  request: TokenRequest,
  reply: FastifyReply,
  asking: KnownAsking,
  marked: number | null,
  isMissing: boolean,
): Promise<FastifyReply> {
  const words = wordsOf(request, asking);
  const asked = (await deps.catalogue()).questions[asking.survey];
  const inLanguage = (texts: { readonly [locale: string]: string } | undefined) =>
    textFor(texts ?? {}, words.lang);
  const scale = {
    question: inLanguage(asked?.question) || words.survey.question,
    low: inLanguage(asked?.low),
    high: inLanguage(asked?.high),
    marked,
    comment: asking.comment,
    isMissing,
  };
  return allowPage(reply).send(surveyPage(words, await deps.company(), scale));
}

/** A whole number from 0 to 10; null where it is none. */
function readScore(said: unknown): number | null {
  return typeof said === 'string' && /^(\d|10)$/.test(said) ? Number(said) : null;
}

// /f/:token, from a letter that links to a form of forms.yaml. GET and HEAD show it with what is known already and change
// nothing; POST stores the answers as facts, or shows what is wrong beside its field with all that was typed.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerForm, type FormAsking, isTooLate, readFormAsking } from '../db/forms.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import type { Form } from '../engine/form.ts';
import { changesOf, isSound, type Page, pageOf, readPage, standingOf } from '../engine/form-answers.ts';
import { localeFor } from '../engine/survey-text.ts';
import { FORM_PATH, readFormLink } from '../mail/marks.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { declaredIn } from './event-batch.ts';
import { allowPage } from './headers.ts';
import { formOf, sendBroken, type TokenRequest } from './letters.ts';
import { closedPage, formPage, sentPage } from './pages/form.ts';
import type { Words } from './pages/wording.ts';
import { wordsFor } from './pages/words.ts';

/** Why there is nothing to fill in. */
type Closed = keyof Words['form']['closed'];

interface Seen {
  readonly deliveryId: string;
  readonly name: string;
  readonly catalogue: Catalogue;
  readonly form: Form | null;
  readonly asking: FormAsking | null;
  /** Of the form's words. */
  readonly locale: string;
  readonly words: Words;
  readonly company: string;
  readonly now: number;
}

export function addFormPage(scope: FastifyInstance, deps: WebDeps): void {
  scope.get(`${FORM_PATH}:token`, async (request: TokenRequest, reply) => {
    const seen = await look(deps, request);
    if (seen === null) return sendBroken(deps, request, reply);
    const { form, asking } = seen;
    const closed = closedBy(seen);
    if (closed !== null || form === null || asking === null) return sayClosed(reply, seen, closed ?? 'gone');
    return show(reply, seen, form, pageOf(form, asking.facts));
  });

  scope.post(`${FORM_PATH}:token`, async (request: TokenRequest, reply) => {
    const seen = await look(deps, request);
    if (seen === null) return sendBroken(deps, request, reply);
    const { form, name, deliveryId, catalogue, now, words, locale, company } = seen;
    const closed = closedBy(seen);
    if (closed !== null || form === null) return sayClosed(reply.code(409), seen, closed ?? 'gone');
    const sent = formOf(request);
    const page = readPage(form, (fact) => sent.get(fact));
    if (!isSound(page)) return show(reply.code(400), seen, form, page);
    const changes = ({ facts }: FormAsking) =>
      standingOf(form, facts.deal, catalogue.pipelines) === 'open' ? changesOf(form, page, facts) : null;
    const options = { now, hash: deps.hash, ...declaredIn(catalogue) };
    const came = await answerForm(deps.db, { deliveryId, form: name, changes }, options);
    // It closed between the look and the answer.
    if (came === null || came === 'closed') return sayClosed(reply.code(409), seen, 'gone');
    if (came === 'answered') ring(deps, 'advance');
    return allowPage(reply).send(sentPage(words, locale, company, form));
  });
}

async function look(deps: WebDeps, request: TokenRequest): Promise<Seen | null> {
  const link = readFormLink(request.params.token, deps.linkKeys);
  if (link === null) return null;
  const catalogue = await deps.catalogue();
  const form = Object.hasOwn(catalogue.forms, link.form) ? (catalogue.forms[link.form] ?? null) : null;
  const asking = await readFormAsking(deps.db, link.deliveryId, link.form);
  const wanted = asking?.locale ?? request.headers['accept-language']?.split(/[,;]/)[0] ?? 'en';
  // One page speaks one language: the form's own, which may not be the reader's.
  const locale = form === null ? wanted : localeFor(form.title, wanted);
  return {
    ...{ deliveryId: link.deliveryId, name: link.form, catalogue, form, asking, locale },
    words: wordsFor(locale),
    company: await deps.company(),
    now: await deps.clock.now(),
  };
}

function closedBy({ form, asking, catalogue, now }: Seen): Closed | null {
  if (form === null || asking === null) return 'gone';
  const standing = standingOf(form, asking.facts.deal, catalogue.pipelines);
  if (standing !== 'open') return standing;
  return isTooLate(asking, now) ? 'late' : null;
}

function sayClosed(reply: FastifyReply, { words, company }: Seen, why: Closed): FastifyReply {
  return allowPage(reply).send(closedPage(words, company, why));
}

function show(reply: FastifyReply, { words, locale, company }: Seen, form: Form, page: Page): FastifyReply {
  return allowPage(reply).send(formPage(words, locale, company, form, page));
}

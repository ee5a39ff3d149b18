// /inbox: the mails that the catcher holds, where no SMTP server is configured. A mail's own HTML is shown in a
// sandboxed frame under a policy of its own: no script, no form, nothing loaded but pictures.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findRecipient } from '../db/why.ts';
import type { Catcher, CaughtMail } from '../mail/catcher.ts';
import { readMessageId } from '../mail/marks.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { allowMail, allowPage } from './headers.ts';
import { inboxPage, mailDocument, mailPage, type Side } from './pages/inbox.ts';

const MOST = 200;
const MOST_HEADERS = 32 * 1024;
type Request = FastifyRequest<{ Params: { id: string }; Querystring: { view?: unknown } }>;

export function addInbox(scope: FastifyInstance, catcher: Catcher, deps: WebDeps): void {
  const mailOf = async (request: Request): Promise<CaughtMail> => {
    const mail = await catcher.message(request.params.id);
    if (mail !== null) return mail;
    throw problem(404, 'This mail is not here: the catcher keeps mails only while it runs.');
  };

  scope.get('/inbox', async (_request, reply) => {
    const mails = await catcher.messages();
    return allowPage(reply).send(inboxPage(mails.slice(0, MOST), mails.length));
  });

  scope.get('/inbox/:id', async (request: Request, reply) => {
    const mail = await mailOf(request);
    const recipient = await recipientOf(mail, deps);
    return allowPage(reply).send(mailPage(mail, sideOf(request.query.view), recipient));
  });

  scope.get('/inbox/:id/html', async (request: Request, reply) =>
    allowMail(reply).send(mailDocument(await mailOf(request))),
  );
}

/** A mail of ours names its delivery in its Message-ID, and that its contact: the way from a mail to its reason. */
async function recipientOf({ source }: CaughtMail, { db, linkKeys }: WebDeps): Promise<string | null> {
  const messageId = /^message-id:\s*(<[^>\s]+>)/im.exec(source.slice(0, MOST_HEADERS))?.[1];
  const deliveryId = messageId === undefined ? null : readMessageId(messageId, linkKeys);
  return deliveryId === null ? null : findRecipient(db, deliveryId);
}

function sideOf(view: unknown): Side {
  return view === 'text' || view === 'source' ? view : 'html';
}

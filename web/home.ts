// GET /: the overview.
import type { FastifyInstance } from 'fastify';
import { listBreakers } from '../db/breakers.ts';
import { countContacts, countDealsByStage, countMails, countRuns } from '../db/reports.ts';
import type { WebDeps } from './deps.ts';
import { allowPage } from './headers.ts';
import { homePage } from './pages/home.ts';

export function addHome(scope: FastifyInstance, deps: WebDeps): void {
  const { db, catcher, clock, publicUrl } = deps;
  scope.get('/', async (_request, reply) => {
    const [contacts, stages, workflows, mails, breakers, { pipelines }, now] = await Promise.all([
      countContacts(db),
      countDealsByStage(db),
      countRuns(db),
      countMails(db),
      listBreakers(db),
      deps.catalogue(),
      clock.now(),
    ]);
    const here = { publicUrl, hasInbox: catcher !== null, now };
    return allowPage(reply).send(homePage({ contacts, stages, workflows, mails, breakers }, pipelines, here));
  });
}

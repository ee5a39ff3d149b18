// Surveys and scanners: every link of the scale in many surveys' mails, and the page itself, fetched by GET and by HEAD, from
// many addresses at once. Judged by the ledger's tables: no answer, no event, nobody rung for. Then one person answers,
// so that a server which stores nothing at all does not pass.
import { sql } from 'kysely';
import { openSurvey } from '../../db/surveys.ts';
import { surveyLink } from '../../mail/marks.ts';
import { buildServer } from '../../web/server.ts';
import { monday } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { linkKeys, makeWebDeps } from '../harness/web-deps.ts';
import type { Ground } from './ground.ts';
import { defineTrial } from './trial.ts';

const house = { publicUrl: '', domain: 'acme.example', bounceDomain: null, keys: linkKeys };
const scores = Array.from({ length: 11 }, (_, score) => score);
const together = 25;

export async function runSurveys({ db }: Pick<Ground, 'db'>, { surveys }: { readonly surveys: number }) {
  const { deps, rings } = await makeWebDeps(db);
  const server = buildServer({ ...deps, trustedProxies: ['127.0.0.1'] });
  await makeContacts(db, surveys, { dueAt: null });
  const links: string[] = [];
  for (let id = 1; id <= surveys; id += 1) {
    const of = { contactId: String(id), dealId: null, runId: String(id), workflow: 'nps', node: 'ask' };
    links.push(
      surveyLink(await openSurvey(db, { ...of, id: String(id), survey: 'nps', now: monday }), house),
    );
  }
  const asks = links.flatMap((link, i) =>
    [link, ...scores.map((score) => `${link}?score=${score}`)].flatMap((url) =>
      (['GET', 'HEAD'] as const).map((method) => ({ method, url, from: `203.0.${i >> 8}.${i & 255}` })),
    ),
  );
  const statuses: { [status: string]: number } = {};
  for (let at = 0; at < asks.length; at += together) {
    const some = asks.slice(at, at + together);
    const answers = await Promise.all(
      some.map(({ from, ...ask }) => server.inject({ ...ask, headers: { 'x-forwarded-for': from } })),
    );
    for (const { statusCode } of answers) statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
  }
  const byMachines = await countAnswers(db);
  const rung = rings.length;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await server.inject({ method: 'POST', url: links[0] ?? '', payload: 'score=9', headers });
  const { answers: byPeople } = await countAnswers(db);
  await server.close();
  return { surveys, fetched: asks.length, statuses, ...byMachines, rung, byPeople };
}

async function countAnswers(db: Ground['db']): Promise<{ answers: number; scored: number; events: number }> {
  const { rows } = await sql<{ answers: number; scored: number; events: number }>`
    select (select count(*)::int from survey_answers) as answers,
      (select count(*)::int from survey_sends where score is not null) as scored,
      (select count(*)::int from events where type = 'survey.answered') as events`.execute(db);
  return rows[0] ?? { answers: -1, scored: -1, events: -1 };
}

type SurveysReport = Awaited<ReturnType<typeof runSurveys>>;

export function isUnanswered({
  fetched,
  statuses,
  answers,
  scored,
  events,
  rung,
  byPeople,
}: SurveysReport): boolean {
  return statuses['200'] === fetched && answers + scored + events + rung === 0 && byPeople === 1;
}

export const surveys = defineTrial({
  name: 'surveys',
  says: 'all eleven links of surveys fetched by GET and HEAD: 0 answers; a person who posts is heard',
  options: { surveys: 1_000 },
  run: (options, ground) => runSurveys(ground, options),
  isMet: isUnanswered,
});

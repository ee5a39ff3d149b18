// Work for people through the real workers: a task is made, its owner reminded, it escalates, somebody closes it, the run
// goes on and asks, the contact answers, and the run hears that too.
import { beforeAll, describe, expect, it } from 'vitest';
import { answerSurvey } from '../../db/surveys.ts';
import { changeTask } from '../../db/tasks.ts';
import { readFiles } from '../content/shipped.ts';
import { pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { engineNames } from '../harness/engines.ts';
import { hourMs, monday } from '../harness/factories.ts';
import { openWorld } from '../harness/world.ts';

const files = [
  pipelinesFile,
  {
    path: 'teams.yaml',
    text: `people:
  olga: { name: Olga, email: olga@acme.example, zone: UTC, locale: ru }
  lea: { name: Lea, email: lea@acme.example, zone: UTC }
teams:
  sales: { members: [olga], lead: lea }
`,
  },
  {
    path: 'surveys.yaml',
    text: `surveys:
  nps: { template: nps, question: { en: Would you tell others? }, low: { en: never }, high: { en: always } }
`,
  },
  {
    path: 'handover.yaml',
    text: `workflow: handover
enter: { when: deal.stage enters "Lead" }
exit:
  - { when: contact answers nps as detractor, outcome: unhappy }
steps:
  - id: call
    task: Call {{ contact.email }} about {{ deal.id }}
    assign: round robin over sales
    due: 4h
    remind: 1h
    overdue: escalate to sales
  - id: until-called
    wait: 5d
    until: task call is done
  - id: ask
    survey: nps
  - id: until-answered
    wait: 14d
    until: contact answers nps
`,
  },
];

describe.each(engineNames)('over %s', async (engine) => {
  const { db, clock, sink, openProcess, recordLeads, deliveries } = await openWorld(engine);
  const patient = { timeout: 60_000, interval: 20 };
  const run = () => db.selectFrom('runs').selectAll().executeTakeFirst();
  const mailTo = (address: string) => sink.accepted.filter((mail) => mail.to === address);
  beforeAll(() => useDefinitions(db, monday, files, readFiles('templates', '.mjml')));

  it('a task and a survey go their whole way', { timeout: 600_000 }, async () => {
    const { queues } = await openProcess();
    await recordLeads(1);
    await queues.ring('advance');
    await expect
      .poll(() => db.selectFrom('tasks').selectAll().execute(), patient)
      .toMatchObject([
        {
          state: 'open',
          owner: 'olga',
          title: 'Call c-1@acme.example about d-1',
          due_at: monday + 4 * hourMs,
        },
      ]);

    clock.moveTo(monday + 3 * hourMs);
    await expect.poll(() => mailTo('olga@acme.example').length, patient).toBe(1);
    clock.moveTo(monday + 4 * hourMs);
    await expect.poll(() => mailTo('lea@acme.example').length, patient).toBe(1);
    expect(await run()).toMatchObject({ node: 'until-called' });

    const [task] = await db.selectFrom('tasks').select('id').execute();
    await changeTask(db, task?.id ?? '', { change: { state: 'done' }, by: 'lea', now: clock.at() });
    await queues.ring('advance');
    await expect.poll(() => mailTo('c-1@acme.example').length, patient).toBe(1);
    await expect.poll(async () => (await run())?.node, patient).toBe('until-answered');

    const [asking] = await db.selectFrom('survey_sends').selectAll().execute();
    await answerSurvey(db, asking?.id ?? '', { score: 2, comment: null, now: clock.at() });
    await queues.ring('advance');
    await expect.poll(async () => (await run())?.outcome, patient).toBe('unhappy');
    await expect
      .poll(async () => (await deliveries()).map(({ verb, state }) => `${verb} ${state}`), patient)
      .toEqual(['task sent', 'task sent', 'task sent', 'survey sent']);
    const heard = await db.selectFrom('events').select('type').orderBy('id').execute();
    expect(heard.map(({ type }) => type)).toEqual([
      'deal.stage_changed',
      'task.overdue',
      'task.done',
      'survey.answered',
    ]);
  });
});

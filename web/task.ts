// /t/:token, from a mail to a colleague about a task. GET shows the task and its buttons and changes nothing, because
// machines follow links; POST does what the button says, once: a closed task stays as it is, whoever comes late.
import type { FastifyInstance } from 'fastify';
import { changeTask, readTask, type TaskChange } from '../db/tasks.ts';
import { nextLookAt, reckonFor } from '../engine/people.ts';
import { refuseOutcome } from '../engine/task-life.ts';
import { readTaskLink, TASK_PATH } from '../mail/marks.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { allowPage } from './headers.ts';
import { formOf, sendBroken, type TokenRequest } from './letters.ts';
import { taskPage } from './pages/task.ts';
import { wordsFor } from './pages/words.ts';

/** So long a task is put off by its button, in the owner's business time. */
const later = 'business P1D';

export function addTaskPage(scope: FastifyInstance, deps: WebDeps): void {
  scope.get(`${TASK_PATH}:token`, async (request: TokenRequest, reply) => {
    const link = readTaskLink(request.params.token, deps.linkKeys);
    const task = link && (await readTask(deps.db, link.id));
    if (link === null || task === null) return sendBroken(deps, request, reply);
    const { words, tell, nameOf } = await readerOf(deps, request, link.person);
    return allowPage(reply).send(
      taskPage(words, await deps.company(), { ...task, owner: nameOf(task.owner) }, tell(task.dueAt), false),
    );
  });

  scope.post(`${TASK_PATH}:token`, async (request: TokenRequest, reply) => {
    const link = readTaskLink(request.params.token, deps.linkKeys);
    if (link === null) return sendBroken(deps, request, reply);
    const now = await deps.clock.now();
    const change = await changeOf(deps, formOf(request).get('do'), link.person, now);
    const before = await readTask(deps.db, link.id);
    const refusal = refuseOutcome(before?.outcomes ?? null, change.outcome);
    if (refusal !== null) throw problem(400, refusal);
    const changed = await changeTask(deps.db, link.id, { change, by: link.person, now });
    if (changed === null) return sendBroken(deps, request, reply);
    if (changed.isNews && change.state !== undefined) ring(deps, 'advance');
    const { words, tell, nameOf } = await readerOf(deps, request, link.person);
    const { task, isNews } = changed;
    return allowPage(reply).send(
      taskPage(words, await deps.company(), { ...task, owner: nameOf(task.owner) }, tell(task.dueAt), isNews),
    );
  });
}

async function readerOf({ program }: WebDeps, request: TokenRequest, person: string) {
  const linked = await program([]);
  const words = wordsFor(linked.catalogue.people[person]?.locale ?? request.headers['accept-language']);
  const nameOf = (name: string | null) =>
    name === null ? null : (linked.catalogue.people[name]?.name ?? name);
  return { words, nameOf, tell: reckonFor(linked, person).tell };
}

async function changeOf(
  { program }: WebDeps,
  button: string | null,
  person: string,
  now: number,
): Promise<TaskChange> {
  const [done, outcome] = /^done(?: ([a-z][a-z0-9-]{0,39}))?$/.exec(button ?? '') ?? [];
  if (done !== undefined) return { state: 'done', ...(outcome === undefined ? {} : { outcome }) };
  if (button === 'cancel') return { state: 'cancelled' };
  if (button !== 'later') throw problem(400, 'This form has the buttons done, later and cancel.');
  const time = reckonFor(await program([]), person);
  const dueAt = time.add(now, later);
  return { dueAt, lookAt: nextLookAt({ dueAt, remind: ['PT2H'] }, time, now) ?? dueAt };
}

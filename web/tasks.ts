// GET /v1/tasks, GET /v1/tasks/:id and PATCH /v1/tasks/:id: what people have to do, and what became of it. A task is
// closed once; a change of a closed one is a 409 and changes nothing. Times in and out are ISO 8601 with an offset.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { changeTask, listTasks, readTask, type TaskChange } from '../db/tasks.ts';
import { nextLookAt, reckonFor } from '../engine/people.ts';
import { suggest } from '../engine/spelling.ts';
import { refuseOutcome } from '../engine/task-life.ts';
import type { Guard } from './auth.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { line, outcome, readBody, toTask } from './task-shapes.ts';

const most = 200;
const instant = z.iso.datetime({ offset: true, error: 'is no instant: write 2026-11-23T10:00:00Z' });
const changeShape = z.strictObject({
  state: z.enum(['done', 'cancelled'], 'must be done or cancelled').optional(),
  outcome: outcome.optional(),
  owner: line.optional(),
  due: instant.optional(),
  title: line.optional(),
  notes: z.string().max(5_000, 'is longer than 5000 characters').optional(),
});
const filterShape = z.strictObject({
  state: z.enum(['open', 'done', 'cancelled'], 'must be open, done or cancelled').optional(),
  owner: line.optional(),
  contact: line.optional(),
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the id of a task')
    .optional(),
});

type ById = FastifyRequest<{ Params: { id: string } }>;

export function addTasks(scope: FastifyInstance, deps: WebDeps, guard: Guard): void {
  scope.get('/tasks', { onRequest: guard.asks('read') }, async (request) => {
    const filter = readBody(filterShape, request.query);
    const tasks = await listTasks(deps.db, { ...filter, limit: most });
    return { tasks: tasks.map(toTask), next: tasks.length === most ? (tasks.at(-1)?.id ?? null) : null };
  });

  scope.get('/tasks/:id', { onRequest: guard.asks('read') }, async (request: ById) => {
    const task = await readTask(deps.db, request.params.id);
    if (task === null) throw problem(404, 'There is no task with this id.');
    return toTask(task);
  });

  scope.patch('/tasks/:id', { onRequest: guard.asks('ingest') }, async (request: ById) => {
    const said = readBody(changeShape, request.body);
    const now = await deps.clock.now();
    const change = await toChange(deps, request.params.id, said, now);
    const changed = await changeTask(deps.db, request.params.id, { change, by: 'api', now });
    if (changed === null) throw problem(404, 'There is no task with this id.');
    if (!changed.isNews)
      throw problem(409, `This task is ${changed.task.state} already; nothing was changed.`);
    if (change.state !== undefined) ring(deps, 'advance');
    return toTask(changed.task);
  });
}

async function toChange(
  { db, program }: WebDeps,
  id: string,
  { due, owner, ...said }: z.output<typeof changeShape>,
  now: number,
): Promise<TaskChange> {
  if (said.outcome !== undefined && said.state !== 'done')
    throw problem(400, 'outcome says how a task was done: send it with "state": "done"', { path: 'outcome' });
  const before = await readTask(db, id);
  const refusal = refuseOutcome(before?.outcomes ?? null, said.outcome);
  if (refusal !== null) throw problem(400, refusal, { path: 'outcome' });
  const linked = await program([]);
  const { people } = linked.catalogue;
  if (owner !== undefined && people[owner] === undefined) {
    const hint = suggest(owner, Object.keys(people)) ?? 'declare people in teams.yaml';
    throw problem(400, `nobody in teams.yaml is called ${owner}: ${hint}`, { path: 'owner' });
  }
  const kept = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const moved: TaskChange = { ...kept, ...(owner === undefined ? {} : { owner }) };
  if (due === undefined) return moved;
  const dueAt = Date.parse(due);
  const holder = owner ?? before?.owner ?? '';
  const lookAt = nextLookAt({ dueAt, remind: [] }, reckonFor(linked, holder), now) ?? dueAt;
  return { ...moved, dueAt, lookAt };
}

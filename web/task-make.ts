// POST /v1/tasks: a task that another program asks for. One id of the caller's makes one task, however often it is sent: 201
// the first time, 200 with the task as it is from then on. Who gets it and until when are said as a workflow says it.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { findSubject, type Subject } from '../db/subjects.ts';
import { readTask } from '../db/tasks.ts';
import { makeTasks } from '../db/tasks-make.ts';
import { type Choice, chooseAmong, nextLookAt, reckonFor } from '../engine/people.ts';
import type { Program } from '../engine/plan.ts';
import { suggest } from '../engine/spelling.ts';
import type { TaskRule } from '../engine/task-life.ts';
import { readWish } from '../engine/task-wish.ts';
import type { Guard } from './auth.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { line, outcome, readBody, toTask } from './task-shapes.ts';

const id = z.string().regex(/^(?!delivery:)[\x21-\x7e]{1,200}$/, 'must be an id of your own, such as crm-77');
const makeShape = z.strictObject({
  id,
  contact: line,
  deal: line.optional(),
  title: line,
  notes: z.string().max(5_000, 'is longer than 5000 characters').optional(),
  owner: line.optional(),
  assign: line.optional(),
  due: line,
  remind: z.array(line).max(5, 'has more than 5 reminders').default([]),
  overdue: line.optional(),
  outcomes: z.array(outcome).min(1, 'must name a word').max(10, 'has more than 10 words').optional(),
});
type Wish = z.output<typeof makeShape>;

export function addTaskMaking(scope: FastifyInstance, deps: WebDeps, guard: Guard): void {
  scope.post('/tasks', { onRequest: guard.asks('ingest') }, async (request, reply) => {
    const wish = readBody(makeShape, request.body);
    const [now, program] = [await deps.clock.now(), await deps.program([])];
    const subject = await findSubject(deps.db, wish.contact, wish.deal ?? null);
    if (subject === null)
      throw problem(404, `There is no contact ${wish.contact}; it is made by its first event.`, {
        path: 'contact',
      });
    if (wish.deal !== undefined && subject.dealId === null)
      throw problem(404, `Contact ${wish.contact} has no deal ${wish.deal}.`, { path: 'deal' });
    const at = instantOf(wish.due);
    const rule = ruleOf(wish, program, now, at);
    const choice = choose(program, rule, subject, { now, at });
    const making = {
      ...subject,
      key: wish.id,
      deliveryId: null,
      run: null,
      title: wish.title,
      notes: wish.notes ?? null,
      rule,
      choice,
      dueAt: at ?? program.reckon(subject).add(now, rule.due),
      by: 'api',
    };
    // Where the same id is making one at this moment, the first try finds neither; the second finds that one.
    const [first] = await makeTasks(deps.db, [making], now);
    const made = first ?? (await makeTasks(deps.db, [making], now))[0];
    const task = made && (await readTask(deps.db, made.id));
    if (!task) throw new Error('a task that was made is not there');
    return reply.code(made.isNew ? 201 : 200).send(toTask(task));
  });
}

/** null: it is no instant. */
function instantOf(due: string): number | null {
  const read = z.iso.datetime({ offset: true }).safeParse(due);
  return read.success ? Date.parse(read.data) : null;
}

/** A person by name is an assignment too; the deal's owner is the one who is meant where nobody is named. */
function ruleOf(wish: Wish, { catalogue }: Program, now: number, at: number | null): TaskRule {
  const { owner, assign, remind, overdue, outcomes, deal } = wish;
  if (owner !== undefined && assign !== undefined)
    throw problem(400, 'owner and assign both say who gets the task: send one of them', { path: 'assign' });
  const people = Object.keys(catalogue.people);
  if (owner !== undefined && !people.includes(owner)) {
    const hint = suggest(owner, people) ?? 'declare people in teams.yaml';
    throw problem(400, `nobody in teams.yaml is called ${owner}: ${hint}`, { path: 'owner' });
  }
  if (owner === undefined && assign === undefined && deal === undefined)
    throw problem(400, 'owner or assign is missing: who gets the task?', { path: 'assign' });
  const said = { assign: owner ?? assign ?? 'deal.owner', due: at ?? wish.due, remind, overdue, outcomes };
  const rule = readWish(said, catalogue, { hasDeal: deal !== undefined, now });
  if ('message' in rule) throw problem(400, `${rule.path} ${rule.message}`, { path: rule.path });
  return rule;
}

/** An instant is met as it was said, and reminders are reckoned from it, whatever is left of a second in its distance. */
function choose(
  program: Program,
  rule: TaskRule,
  { contact, deal }: Subject,
  { now, at }: { readonly now: number; readonly at: number | null },
): Choice {
  const choice = chooseAmong(program, rule, { contact, deal }, now);
  if (at === null) return choice;
  const candidates = choice.candidates.map(({ person }) => {
    const time = reckonFor(program, person);
    return { person, dueAt: at, lookAt: nextLookAt({ dueAt: at, remind: rule.remind }, time, now) ?? at };
  });
  return { ...choice, candidates };
}

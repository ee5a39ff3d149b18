// What another program is told of a change of a task, and when the sweep tells it: every look queues the next change of
// each task, where teams.yaml names a `webhook:`. The message is signed and repeated as a `call` is. No address of the
// contact stands in it: ids, and the task as it is when it leaves.
import type { Db } from '../db/connect.ts';
import { readTask } from '../db/tasks.ts';
import { hasUntold, skipUntold, tellChanges } from '../db/tasks-told.ts';
import type { Program } from '../engine/plan.ts';
import type { ChangeRequest, TellRequest } from '../engine/requests.ts';
import type { Outcome } from '../engine/step.ts';

const timeoutMs = 10_000;

export async function tellTasks(db: Db, programOf: () => Promise<Program>, now: number): Promise<void> {
  if (!(await hasUntold(db))) return;
  const { catalogue } = await programOf();
  if (catalogue.taskHook === null) await skipUntold(db);
  else await tellChanges(db, now);
}

/** The message; or why it need not leave any more. */
export async function readChange(
  db: Db,
  programOf: () => Promise<Program>,
  { task: id, change, what, by, at }: ChangeRequest,
): Promise<TellRequest | Outcome> {
  const { catalogue } = await programOf();
  if (catalogue.taskHook === null) return { is: 'withheld', why: 'teams.yaml names no webhook any more' };
  const known = await readTask(db, id);
  if (known === null) return { is: 'withheld', why: 'the task is gone' };
  const { createdAt, dueAt, overdueAt, closedAt, escalatedTo, ...task } = known;
  const toText = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());
  return {
    url: catalogue.taskHook,
    timeoutMs,
    type: `task.${what}`,
    data: {
      change: { id: change, what, by, at: toText(at) },
      task: {
        ...task,
        escalated_to: escalatedTo,
        created_at: toText(createdAt),
        due_at: toText(dueAt),
        overdue_at: toText(overdueAt),
        closed_at: toText(closedAt),
      },
    },
  };
}

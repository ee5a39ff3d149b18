// What an open task needs when its moment comes: a reminder before it is due, and at its due time, once, what its rule
// says: tell the owner again, give it to another, or tell somebody else. Pure: the sweep reads the tasks and writes this.
import { type Choice, chooseAmong, nextLookAt, reckonFor } from './people.ts';
import type { Program } from './plan.ts';
import type { Notice, TaskRequest } from './requests.ts';
import type { Facts, Happening, Json } from './step.ts';

/** What colleagues are mailed with. */
export const noticeTemplate = 'task-notice';

export type TaskRule = Omit<TaskRequest, 'title' | 'notes'>;

export interface OpenTask {
  readonly id: string;
  readonly owner: string | null;
  readonly dueAt: number;
  /** When it was found open at its due time; null: not yet, or it was put off since. */
  readonly overdueAt: number | null;
  readonly rule: TaskRule;
}

export interface Attention {
  /** True where its due time has just been found to have passed. */
  readonly isOverdue: boolean;
  readonly notice: Notice | null;
  /** Who is told; null: the owner, also one who is found only now. */
  readonly tell: string | null;
  /** From whom the next owner is taken, with the new due time; null: it keeps its owner. */
  readonly reassign: Choice | null;
  /** When to look again; null: never. A new owner brings a moment of their own. */
  readonly lookAt: number | null;
}

/** Where nobody can be named, in the subject's own time. */
export function firstDueAt(program: Program, request: TaskRequest, facts: Facts, now: number): number {
  const { candidates } = chooseAmong(program, request, facts, now);
  return candidates[0]?.dueAt ?? program.reckon(facts).add(now, request.due);
}

export function attend(program: Program, task: OpenTask, now: number): Attention {
  const { overdue } = task.rule;
  const none = { isOverdue: false, notice: null, tell: null, reassign: null, lookAt: null };
  if (now < task.dueAt) {
    const time =
      task.owner === null ? program.reckon({ contact: {}, deal: null }) : reckonFor(program, task.owner);
    const lookAt = nextLookAt({ dueAt: task.dueAt, remind: task.rule.remind }, time, now) ?? task.dueAt;
    return { ...none, notice: 'reminder', lookAt };
  }
  if (task.overdueAt !== null) return none;
  const late = { ...none, isOverdue: true };
  if (overdue === null) return late;
  if (overdue.is === 'remind') return { ...late, notice: 'overdue' };
  if (overdue.is === 'escalate') return { ...late, notice: 'escalated', tell: overdue.person };
  const reassign = chooseAmong(program, task.rule, { contact: {}, deal: null }, now, task.owner);
  // Alone in the team: there is nobody else, so the owner is told.
  return reassign.candidates.length === 0
    ? { ...late, notice: 'overdue' }
    : { ...late, notice: 'reassigned', reassign };
}

/** A task that was asked for, as far as its closing is concerned. */
export interface AskedTask {
  readonly verb: string;
  readonly node: string;
  readonly runId: string;
  readonly askedAt: number;
  readonly payload: Json;
}

/** Whether this event closes it. A story names the step alone. */
export function isClosedBy({ node, runId, askedAt }: AskedTask, { type, at, data }: Happening): boolean {
  if (type !== 'task.done' && type !== 'task.cancelled') return false;
  return at >= askedAt && data.step === node && (data.run === undefined || data.run === runId);
}

/** Until when the contact's mail is held by those that are open; null: by none. As db/tasks.ts reckons it. */
export function heldUntil(asked: readonly AskedTask[], events: readonly Happening[]): number | null {
  const open = asked.filter(
    (task) => task.verb === 'task' && !events.some((event) => isClosedBy(task, event)),
  );
  const until = open.map(({ payload }) => Number((payload as Partial<TaskRequest>).holdsUntil ?? 0));
  const last = Math.max(0, ...until);
  return last === 0 ? null : last;
}

/** Why a task cannot be done with this word; null: it can. */
export function refuseOutcome(
  outcomes: readonly string[] | null,
  outcome: string | undefined,
): string | null {
  if (outcomes === null || outcome === undefined || outcomes.includes(outcome)) return null;
  return `this task is done as ${outcomes.join(', ')}, and not as ${outcome}`;
}

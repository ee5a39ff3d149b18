// From a delivery that asks for a task to the task: its text rendered, its owner found, made in a batch with others.
// It is sent once it stands in the ledger, whoever made it: a try that died after writing finds its own task again.

import type { Db } from '../db/connect.ts';
import { type Making, makeTasks } from '../db/tasks-make.ts';
import { chooseAmong } from '../engine/people.ts';
import type { Program } from '../engine/plan.ts';
import type { TaskRequest } from '../engine/requests.ts';
import type { Delivery, Facts, Outcome } from '../engine/step.ts';
import { renderText } from '../mail/texts.ts';
import { openBatcher } from './batcher.ts';

export type TaskMaker = (asking: {
  readonly delivery: Delivery;
  readonly facts: Facts;
  readonly request: TaskRequest;
  readonly now: number;
}) => Promise<Outcome>;

/** What a list of tasks can show in a line. */
const longestTitle = 200;
const longestNotes = 5_000;

export function openTaskMaker(db: Db, programOf: () => Promise<Program>): TaskMaker {
  const make = openBatcher((makings: readonly { readonly making: Making; readonly now: number }[]) =>
    makeTasks(
      db,
      makings.map(({ making }) => making),
      Math.max(...makings.map(({ now }) => now)),
    ),
  );
  return async ({ delivery, facts, request, now }) => {
    const { title, notes, ...rule } = request;
    const program = await programOf();
    const { id, contactId, dealId, runId, workflow, node } = delivery;
    const made = await make({
      now,
      making: {
        key: `delivery:${id}`,
        deliveryId: id,
        contactId,
        dealId,
        run: { id: runId, workflow, node },
        // A title is one line, and none is empty: a fact that is not known may have been all of it.
        title: cut(renderText(title, facts).replace(/\s+/g, ' '), longestTitle) || node,
        notes: notes === null ? null : cut(renderText(notes, facts), longestNotes),
        rule,
        choice: chooseAmong(program, request, facts, now),
        dueAt: program.reckon(facts).add(now, request.due),
        by: workflow,
      },
    });
    if (made === null) return { is: 'withheld', why: 'the task is not wanted any more' };
    return { is: 'sent', reply: `task ${made.id} for ${made.owner ?? 'nobody'}` };
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/\p{Cs}$/u, '')}…`;
}

// A task as a program asks for it, in the words that a workflow uses: who gets it, until when, what is done if it is late.
// Held against the same declarations by the same readers; the first thing that is wrong is told with its field.
import { type AssignmentScope, readAssignment, readOverdue } from './assignment.ts';
import type { Catalogue } from './catalogue.ts';
import { keepDuration, parseDuration } from './duration.ts';
import type { Located } from './source.ts';
import type { TaskRule } from './task-life.ts';

export interface TaskWish {
  readonly assign: string;
  /** A duration, or an instant in milliseconds. */
  readonly due: string | number;
  readonly remind: readonly string[];
  readonly overdue?: string | undefined;
  readonly outcomes?: readonly string[] | undefined;
}

export interface WishFlaw {
  readonly path: string;
  readonly message: string;
}

/** `hasDeal`: the task is about one. */
export function readWish(
  wish: TaskWish,
  catalogue: Catalogue,
  { hasDeal, now }: { readonly hasDeal: boolean; readonly now: number },
): TaskRule | WishFlaw {
  const flaws: WishFlaw[] = [];
  const scopeOf = (path: string): AssignmentScope => ({
    catalogue,
    hasDeal,
    report: (_code, _place, message, hint) =>
      flaws.push({ path, message: hint === undefined ? message : `${message}: ${hint}` }),
  });
  const assign = readAssignment(said(wish.assign), { ...scopeOf('assign') });
  const overdue =
    wish.overdue === undefined ? null : readOverdue(said(wish.overdue), assign, scopeOf('overdue'));
  const due = typeof wish.due === 'number' ? spanTo(wish.due, now) : kept(wish.due);
  if (due === null)
    flaws.push({
      path: 'due',
      message:
        typeof wish.due === 'number'
          ? 'lies in the past'
          : 'is no duration and no instant: write `1 business day`, `4h` or 2026-11-23T10:00:00Z',
    });
  const remind = wish.remind.map(kept);
  if (remind.some((one) => one?.startsWith('business') ?? true))
    flaws.push({ path: 'remind', message: 'cannot be counted back from the due time: write `2h` or `1d`' });
  const [flaw] = flaws;
  if (flaw !== undefined || assign === null || due === null)
    return flaw ?? { path: 'assign', message: 'does not say who gets the task' };
  const outcomes = wish.outcomes === undefined ? {} : { outcomes: wish.outcomes };
  return { assign, due, remind: remind.flatMap((one) => one ?? []), overdue, ...outcomes };
}

function kept(text: string): string | null {
  const duration = parseDuration(text);
  return duration === null ? null : keepDuration(duration);
}

/** To the very instant, whatever calendar the owner has. */
function spanTo(at: number, now: number): string | null {
  return at <= now ? null : keepDuration({ months: 0, days: 0, ms: at - now, isBusiness: false });
}

function said(text: string): Located {
  return { file: '', line: 1, column: 1, length: 0, value: text, keys: new Map(), items: [], raw: text };
}

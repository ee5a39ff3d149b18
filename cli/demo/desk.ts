// The colleagues of the season at their desks: they look at their open tasks through the API and close most of them in time,
// some by the button behind the reminder that was mailed to them, some late, a few never.
import type { Catcher, CaughtSummary } from '../../mail/catcher.ts';
import { press, visit } from './browser.ts';
import { throwDice } from './dice.ts';
import { addressIn, readMail, readPage } from './page-links.ts';
import type { Act } from './play.ts';
import { openTaskList, type Task, type TaskCounts, type TaskList } from './task-list.ts';

export interface Desk {
  answer(now: number): Promise<Act[]>;
  count(): Promise<TaskCounts>;
}

export interface DeskOptions {
  readonly url: string;
  /** An API key that may read and write. */
  readonly key: string;
  readonly seed: string;
  readonly catcher: Catcher | null;
  /** Of the colleagues. */
  readonly addresses: ReadonlySet<string>;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export function openDesk({ url, key, seed, catcher, addresses }: DeskOptions): Desk {
  const list = openTaskList(url, key);
  let [last, seen] = ['0', 0];
  /** Titles of tasks that are closed by the button behind their reminder. */
  const leftToLink = new Set<string>();
  const turns = new Map<string, number>();
  const takeTurn = ({ workflow, step }: Task) => {
    const turn = turns.get(`${workflow}/${step}`) ?? 0;
    turns.set(`${workflow}/${step}`, turn + 1);
    return turn;
  };
  const pressReminder = async ({ id }: CaughtSummary) => {
    const mail = await catcher?.message(id);
    const link = readMail(mail?.html ?? '', url).task;
    if (link === null) return;
    const page = readPage(await visit(link, 'person'));
    // The first button that the page has: a word of the task, or that it is done.
    const [first] = page.buttons;
    if (first !== undefined && leftToLink.has(page.title)) await press(link, { [first.name]: first.value });
  };
  return {
    async answer(now) {
      const tasks = await list.openAfter(last);
      last = tasks.at(-1)?.id ?? last;
      const fresh = catcher === null ? [] : catcher.messages().slice(0, catcher.accepted - seen);
      seen = catcher?.accepted ?? 0;
      const reminders = fresh.filter(({ to }) => addresses.has(addressIn(to)));
      const acts = inOrder(tasks).flatMap((task) => {
        const turn = takeTurn(task);
        if (fates[turn % fates.length] === 'by link') leftToLink.add(task.title);
        return planFor(task, turn, seed, list.finish);
      });
      const read = reminders.map((mail) => {
        const dice = throwDice(`${seed}/reminder/${mail.to}/${mail.subject}`);
        return { at: now + dice.between(1, 20) * hourMs, perform: () => pressReminder(mail) };
      });
      return [...acts, ...read];
    },
    count: list.count,
  };
}

/** Not by id: which of two was made first within a step of the clock is chance. */
function inOrder(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => (`${a.contact}/${a.step}` < `${b.contact}/${b.step}` ? -1 : 1));
}

/** What becomes of one task after the other of a kind: most are closed in time, some late, some never. */
const fates = 'in time, by link, never, late, in time, in time, late, by link, never, in time'.split(', ');

/** `turn`: the how-manieth of its kind it is, so that a small season has every fate and every outcome. */
function planFor(task: Task, turn: number, seed: string, finish: TaskList['finish']): Act[] {
  const dice = throwDice(`${seed}/task/${task.contact}/${task.workflow}/${task.step}/${task.created_at}`);
  const [from, due] = [Date.parse(task.created_at), Date.parse(task.due_at)];
  const words = task.outcomes ?? [];
  const outcome = words[turn % words.length] ?? null;
  const perform = () => finish(task, outcome);
  const fate = fates[turn % fates.length];
  if (fate === 'in time') return [{ at: from + (0.2 + 0.6 * dice.next()) * (due - from), perform }];
  return fate === 'late' ? [{ at: due + dice.between(1, 3) * dayMs, perform }] : [];
}

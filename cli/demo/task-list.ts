// The list of tasks as a program of the company's own would use it: read and closed through the API, with a key.

/** What GET /v1/tasks says, as far as it is needed here. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly contact: string;
  readonly deal: string | null;
  readonly workflow: string | null;
  readonly step: string | null;
  readonly state: string;
  /** In which words it may end; null: it is just done. */
  readonly outcomes: readonly string[] | null;
  readonly overdue_at: string | null;
  readonly escalated_to: string | null;
  readonly created_at: string;
  readonly due_at: string;
}

/** Of all that were given. */
export interface TaskCounts {
  readonly made: number;
  readonly open: number;
  readonly done: number;
  readonly overdue: number;
  readonly escalated: number;
}

export interface TaskList {
  /** Open tasks made since the one with this id. */
  openAfter(id: string): Promise<readonly Task[]>;
  finish(task: Task, outcome: string | null): Promise<void>;
  count(): Promise<TaskCounts>;
}

/** The key may read and write. */
export function openTaskList(url: string, key: string): TaskList {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const list = async (query: string): Promise<readonly Task[]> => {
    const answer = await fetch(`${url}/v1/tasks?${query}`, { headers });
    return ((await answer.json()) as { tasks: readonly Task[] }).tasks;
  };
  return {
    openAfter: (id) => list(`state=open&after=${id}`),
    async finish({ id }, outcome) {
      const body = JSON.stringify({ state: 'done', ...(outcome === null ? {} : { outcome }) });
      const answer = await fetch(`${url}/v1/tasks/${id}`, { method: 'PATCH', headers, body });
      await answer.arrayBuffer();
      // 409: somebody was quicker.
      if (!answer.ok && answer.status !== 409) throw new Error(`a task was answered with ${answer.status}`);
    },
    async count() {
      const all: Task[] = [];
      for (let page = await list('after=0'); page.length > 0; page = await list(`after=${all.at(-1)?.id}`))
        all.push(...page);
      const countOf = (is: (task: Task) => boolean) => all.filter(is).length;
      return {
        made: all.length,
        open: countOf(({ state }) => state === 'open'),
        done: countOf(({ state }) => state === 'done'),
        overdue: countOf(({ overdue_at }) => overdue_at !== null),
        escalated: countOf(({ escalated_to }) => escalated_to !== null),
      };
    },
  };
}

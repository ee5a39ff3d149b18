// What a run keeps of the events that pass it by, for opened(), clicked(), replied(), answered() and outcome(): each step
// or survey once, machines not at all. A mail's events belong to the run that sent it, a task's to the run that asked for it.
import type { Happening, Run } from './step.ts';

const kept: { readonly [type: string]: { readonly as: string; readonly of: string } } = {
  'mail.opened': { as: 'opened', of: 'step' },
  'mail.clicked': { as: 'clicked', of: 'step' },
  'mail.replied': { as: 'replied', of: 'step' },
  'survey.answered': { as: 'answered', of: 'survey' },
};

/** How its tasks ended, by step: the latest of each. */
const closings: { readonly [type: string]: string } = { 'task.done': 'done', 'task.cancelled': 'cancelled' };

/** The run itself where there is nothing new to keep. */
export function remember(run: Run, event: Happening): Run {
  if (closings[event.type] !== undefined) return rememberTask(run, event);
  const rule = kept[event.type];
  const { data } = event;
  if (rule === undefined || (data.class ?? 'human') !== 'human') return run;
  if (data.run !== undefined && data.run !== run.id && rule.of === 'step') return run;
  const named = data[rule.of];
  // A reply that names no mail is a reply all the same.
  if (typeof named !== 'string' && rule.as !== 'replied') return run;
  const name = typeof named === 'string' ? named : '';
  const before = run.memory.happened[rule.as] ?? [];
  if (before.includes(name)) return run;
  const happened = { ...run.memory.happened, [rule.as]: [...before, name] };
  return { ...run, memory: { ...run.memory, happened } };
}

function rememberTask(run: Run, { type, data }: Happening): Run {
  if (typeof data.step !== 'string' || (data.run !== undefined && data.run !== run.id)) return run;
  const own = `${data.step}=`;
  const others = (run.memory.happened.task ?? []).filter((one) => !one.startsWith(own));
  const task = [...others, `${own}${data.outcome ?? closings[type]}`];
  return { ...run, memory: { ...run.memory, happened: { ...run.memory.happened, task } } };
}

// What a made-up contact does about each mail and survey, and its owner about each task, by the throw of seeded dice. Pure: `simulate` shows it, and the same
// story can be sent through the API.
import type { Catalogue } from '../engine/catalogue.ts';
import { stageBeside } from '../engine/happen.ts';
import type { Plan } from '../engine/plan.ts';
import type { Asking } from '../engine/rehearsal.ts';
import type { Fields, Happening } from '../engine/step.ts';
import type { Dice } from './demo/dice.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What the contact does about a mail: often nothing; else clicks, replies, moves on a stage, or leaves. */
export function answerBy(
  dice: Dice,
  catalogue: Catalogue,
  { topic }: Plan,
  first: Happening | undefined,
): (asking: Asking) => Happening[] {
  let count = 1;
  let stage = typeof first?.data.to === 'string' ? first.data.to : null;
  return (asking) => {
    if (!['send', 'task', 'survey'].includes(asking.verb)) return [];
    const at = asking.dueAt + dice.between(1, 30) * hourMs;
    const own = { run: asking.runId, step: asking.node };
    const tell = (type: string, data: Fields, later = 0): Happening => {
      count += 1;
      return {
        id: `story-${String(count).padStart(3, '0')}`,
        type,
        at: at + later,
        dealId: asking.dealId,
        data,
      };
    };
    if (asking.verb !== 'send')
      return answerAsked(asking, dice).map(({ type, data, later }) => tell(type, data, later));
    const clicks = dice.falls(0.35) ? [tell('mail.clicked', { ...own, class: 'human' })] : [];
    if (dice.falls(0.12)) return [...clicks, tell('contact.unsubscribed', { topic: topic ?? '*' }, hourMs)];
    if (dice.falls(0.15)) return [...clicks, tell('mail.replied', own, 2 * hourMs)];
    if (stage === null || !dice.falls(0.3)) return clicks;
    const next = stageBeside(stage, 1, catalogue);
    const { type, data } = change(catalogue, stage, next);
    stage = next;
    return [...clicks, tell(type, data, dayMs)];
  };
}

interface Answered {
  readonly type: string;
  readonly data: Fields;
  readonly later: number;
}

/** Surveys are answered by some, tasks done by most. */
function answerAsked(asking: Asking, dice: Dice): Answered[] {
  const own = { run: asking.runId, step: asking.node };
  if (asking.verb === 'survey')
    return dice.falls(0.4) ? [{ type: 'survey.answered', data: answerTo(asking, dice), later: 0 }] : [];
  const isDone = dice.falls(0.85);
  return [{ type: isDone ? 'task.done' : 'task.overdue', data: own, later: isDone ? 0 : 2 * dayMs }];
}

/** Most are content, as those who answer are. */
function answerTo({ payload, runId, node }: Asking, dice: Dice): Fields {
  const score = Math.min(10, dice.between(2, 12));
  const group = score >= 9 ? 'promoter' : score >= 7 ? 'passive' : 'detractor';
  const { survey } = payload as { survey?: string };
  return { survey: survey ?? '', score, group, run: runId, step: node };
}

function change({ pipelines }: Pick<Catalogue, 'pipelines'>, from: string | null, to: string) {
  const pipeline = pipelines.find((one) => one.stages.includes(to))?.name ?? null;
  return { type: 'deal.stage_changed', data: { pipeline, from, to, late: false } };
}

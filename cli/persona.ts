// One made-up contact with one deal, the event that lets them into a workflow, and, by the throw of seeded dice, what
// they do about each mail. Pure: `simulate` shows it, and the same story can be sent through the API.
import type { Catalogue } from '../engine/catalogue.ts';
import type { Plan } from '../engine/plan.ts';
import type { Asking } from '../engine/rehearsal.ts';
import type { Fields, Happening } from '../engine/step.ts';
import type { Dice } from './demo/dice.ts';

export const dealId = 'deal-1';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Beginning = Pick<Happening, 'type' | 'data'>;

/** By the kind of phrase that enters; others are told by the events of --contact. */
const beginnings: Readonly<Record<string, (phrase: Fields, catalogue: Catalogue) => Beginning>> = {
  'stage enters': ({ stage }, catalogue) =>
    change(catalogue, stageBefore(catalogue, String(stage)), String(stage)),
  'stage changes': (_, { pipelines }) => change({ pipelines }, null, pipelines[0]?.stages[0] ?? ''),
  'stage leaves': ({ stage }, catalogue) =>
    change(catalogue, String(stage), stageAfter(catalogue, String(stage))),
  'deal won': (_, { pipelines }) => change({ pipelines }, null, pipelines.flatMap((one) => one.won)[0] ?? ''),
  'deal lost': (_, { pipelines }) =>
    change({ pipelines }, null, pipelines.flatMap((one) => one.lost)[0] ?? ''),
  form: ({ form }) => ({ type: 'form.submitted', data: { form: form ?? '' } }),
  event: ({ type }) => ({ type: String(type), data: {} }),
};

/** Null where a phrase cannot be made to happen without more being said. */
export function beginAt(plan: Plan, catalogue: Catalogue, at: number): Happening | null {
  const phrase = plan.enter.when as Fields;
  const beginning = beginnings[String(phrase.is)]?.(phrase, catalogue);
  if (beginning === undefined) return null;
  return { id: 'story-1', at, dealId: plan.enter.per === 'deal' ? dealId : null, ...beginning };
}

export function inventContact(plan: Plan): Fields {
  return {
    id: 'anna',
    email: 'anna@acme.example',
    first_name: 'Anna',
    last_name: 'Adams',
    company: 'Acme',
    locale: 'en',
    timezone: 'Europe/Berlin',
    consent: { [plan.topic ?? 'marketing']: true },
  };
}

export function inventDeal(catalogue: Catalogue, first: Happening | null): Fields {
  const { pipeline, from } = first?.data ?? {};
  return {
    id: dealId,
    pipeline: pipeline ?? catalogue.pipelines[0]?.name ?? null,
    stage: from ?? null,
    title: 'Pumps',
    amount: 12_000,
    currency: 'EUR',
    owner: 'olga',
  };
}

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
    if (asking.verb !== 'send') return [];
    const at = asking.dueAt + dice.between(1, 30) * hourMs;
    const own = { run: asking.runId, step: asking.node };
    const tell = (type: string, data: Fields, later = 0): Happening => {
      count += 1;
      return { id: `story-${count}`, type, at: at + later, dealId: asking.dealId, data };
    };
    const clicks = dice.falls(0.35) ? [tell('mail.clicked', { ...own, class: 'human' })] : [];
    if (dice.falls(0.12)) return [...clicks, tell('contact.unsubscribed', { topic: topic ?? '*' }, hourMs)];
    if (dice.falls(0.15)) return [...clicks, tell('mail.replied', own, 2 * hourMs)];
    if (stage === null || !dice.falls(0.3)) return clicks;
    const next = stageAfter(catalogue, stage);
    const { type, data } = change(catalogue, stage, next);
    stage = next;
    return [...clicks, tell(type, data, dayMs)];
  };
}

function change({ pipelines }: Pick<Catalogue, 'pipelines'>, from: string | null, to: string): Beginning {
  const pipeline = pipelines.find((one) => one.stages.includes(to))?.name ?? null;
  return { type: 'deal.stage_changed', data: { pipeline, from, to, late: false } };
}

function stageBefore({ pipelines }: Catalogue, stage: string): string | null {
  const stages = pipelines.find((one) => one.stages.includes(stage))?.stages ?? [];
  return stages[stages.indexOf(stage) - 1] ?? null;
}

function stageAfter({ pipelines }: Catalogue, stage: string): string {
  const stages = pipelines.find((one) => one.stages.includes(stage))?.stages ?? [];
  return stages[stages.indexOf(stage) + 1] ?? stage;
}

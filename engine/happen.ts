// Event phrases as things that happen: `deal won` moves the deal to a won stage, `contact clicks intro` is a click on that
// mail. A table by kind of phrase; a kind that is not in it comes with time alone and cannot be made to happen.
// Breaks if an event here differs from the one that the ledger would record for the same thing.
import type { Catalogue, Pipeline } from './catalogue.ts';
import type { Occurrence } from './rehearsal.ts';
import type { Fields, Json } from './step.ts';

/** Where things stand when it happens. */
export interface Standing {
  readonly catalogue: Catalogue;
  readonly contact: Fields;
  readonly deal: Fields | null;
  /** The step whose mail left last: what a click that names none is a click on. */
  readonly lastMail: string | null;
}

export type Doing = Pick<Occurrence, 'type' | 'data' | 'facts'>;

/** null where only time can bring it. */
export function doingOf(phrase: Json, standing: Standing): Doing | null {
  const data = (phrase ?? {}) as Fields;
  return doings[String(data.is)]?.(data, standing) ?? null;
}

export function canHappen(phrase: Json): boolean {
  return doings[String((phrase as Fields | null)?.is)] !== undefined;
}

/** Without `from`: where the deal comes from is known when it happens. */
function changeTo(stage: Json | undefined, { catalogue, deal }: Standing): Doing {
  const own = catalogue.pipelines.find(
    (one) => one.name === deal?.pipeline && one.stages.includes(String(stage)),
  );
  const pipeline = own ?? catalogue.pipelines.find((one) => one.stages.includes(String(stage)));
  return {
    type: 'deal.stage_changed',
    data: { pipeline: pipeline?.name ?? null, to: stage ?? null, late: false },
  };
}

export function pipelineOf(stage: Json | undefined, { pipelines }: Catalogue): Pipeline | undefined {
  return pipelines.find((one) => one.stages.includes(String(stage)));
}

/** The stage so many places on in its pipeline; the stage itself at either end. */
export function stageBeside(stage: Json | undefined, places: number, catalogue: Catalogue): string {
  const stages = pipelineOf(stage, catalogue)?.stages ?? [];
  return stages[stages.indexOf(String(stage)) + places] ?? String(stage);
}

function closedStage(kind: 'won' | 'lost', { catalogue, deal }: Standing): string | null {
  const own = catalogue.pipelines.filter((one) => one.name === deal?.pipeline);
  return [...own, ...catalogue.pipelines].flatMap((one) => one[kind])[0] ?? null;
}

function ofMail(type: string): (phrase: Fields, standing: Standing) => Doing {
  return ({ step }, { lastMail }) => {
    const named = step ?? lastMail;
    return { type, data: { ...(named === null ? {} : { step: named }), class: 'human' } };
  };
}

/** The score becomes so much; the engine itself hears what it crosses by that. */
function scoreBecomes({ contact }: Standing, name: Json | undefined, to: number): Doing {
  const score = { ...(contact.score as Fields | undefined), [String(name)]: to };
  return { type: 'contact.updated', data: {}, facts: { contact: { ...contact, score } } };
}

/** A named threshold, and by how much the score is over it. */
function atThreshold(by: number): (phrase: Fields, standing: Standing) => Doing {
  return ({ threshold }, standing) => {
    const named = standing.catalogue.scores?.thresholds.find(({ name }) => name === threshold);
    return scoreBecomes(standing, named?.score ?? 'engagement', (named?.at ?? 0) + by);
  };
}

/** An answer of each group, on the scale from 0 to 10. */
const answers: { readonly [group: string]: number } = { promoter: 10, passive: 8, detractor: 3 };

const doings: { readonly [kind: string]: (phrase: Fields, standing: Standing) => Doing } = {
  'stage enters': ({ stage }, standing) => changeTo(stage, standing),
  'stage leaves': ({ stage }, standing) => changeTo(stageBeside(stage, 1, standing.catalogue), standing),
  'stage changes': (_, standing) =>
    changeTo(stageBeside(standing.deal?.stage, 1, standing.catalogue), standing),
  'stage goes back': (_, standing) =>
    changeTo(stageBeside(standing.deal?.stage, -1, standing.catalogue), standing),
  'stage skips': ({ stage }, standing) => changeTo(stageBeside(stage, 1, standing.catalogue), standing),
  'deal reopens': (_, standing) => changeTo(standing.catalogue.pipelines[0]?.stages[0], standing),
  'deal won': (_, standing) => changeTo(closedStage('won', standing), standing),
  'deal lost': (_, standing) => changeTo(closedStage('lost', standing), standing),
  'deal owner changes': (_, { catalogue, deal }) => {
    const from = deal?.owner ?? null;
    const to = Object.keys(catalogue.people).find((name) => name !== from) ?? 'another';
    return { type: 'deal.owner_changed', data: { from, to }, facts: { deal: { ...deal, owner: to } } };
  },
  'contact replies': ofMail('mail.replied'),
  'contact clicks': ofMail('mail.clicked'),
  'contact opens': ofMail('mail.opened'),
  'contact unsubscribes': () => ({ type: 'contact.unsubscribed', data: { topic: '*' } }),
  'contact answers': ({ survey, group = 'promoter' }) => ({
    type: 'survey.answered',
    data: { survey: survey ?? '', group, score: answers[String(group)] ?? 10 },
  }),
  'score rises': ({ score, limit }, standing) => scoreBecomes(standing, score, Number(limit) + 1),
  'score falls': ({ score, limit }, standing) => scoreBecomes(standing, score, Number(limit) - 1),
  'contact reaches': atThreshold(0),
  'contact drops below': atThreshold(-1),
  task: ({ step, state, outcome }) => ({
    type: `task.${state === 'closed' ? 'done' : state}`,
    data: { step: step ?? '', ...(outcome === undefined ? {} : { outcome }) },
  }),
  form: ({ form }) => ({ type: 'form.submitted', data: { form: form ?? '' } }),
  event: ({ type }) => ({ type: String(type), data: {} }),
};

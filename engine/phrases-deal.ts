// What may happen to a deal. A stage change that arrived late (`late`: a newer one was known) tells of the past: it is
// history, and no phrase hears it.
import type { Pipeline } from './catalogue.ts';
import { checkStage, isWithDeal, name, type PhraseKind, type Scene } from './phrase-kind.ts';
import type { Fields, Happening } from './step.ts';

interface Change {
  readonly from: string | null;
  readonly to: string;
  readonly pipeline: Pipeline | undefined;
}

function changeOf(event: Happening, scene: Scene): Change | null {
  const { from, to, late, pipeline } = event.data;
  if (event.type !== 'deal.stage_changed' || late === true || typeof to !== 'string' || from === to)
    return null;
  const found = scene.catalogue.pipelines.find((one) => one.name === pipeline);
  return { from: typeof from === 'string' ? from : null, to, pipeline: found };
}

/** A phrase over a change of stage. */
function onChange(test: (data: Fields, change: Change) => boolean): NonNullable<PhraseKind['hears']> {
  return (data, event, scene) => {
    const change = changeOf(event, scene);
    return change !== null && test(data, change);
  };
}

const indexOf = ({ pipeline }: Change, stage: string | null) =>
  stage === null ? -1 : (pipeline?.stages.indexOf(stage) ?? -1);
const isClosed = (pipeline: Pipeline | undefined, stage: string | null) =>
  stage !== null && pipeline !== undefined && [...pipeline.won, ...pipeline.lost].includes(stage);

export const dealPhrases: readonly PhraseKind[] = [
  {
    is: 'stage enters',
    form: 'deal.stage enters "X"',
    means: 'the deal comes to stage X, from whichever',
    pattern: new RegExp(`^deal\\.stage enters ${name('stage')}$`),
    isOfDeal: isWithDeal,
    check: checkStage,
    isOutcome: (data, { pipelines }) => pipelines.some((pipeline) => isClosed(pipeline, String(data.stage))),
    hears: onChange((data, change) => change.to === data.stage),
  },
  {
    is: 'stage leaves',
    form: 'deal.stage leaves "X"',
    means: 'the deal goes from stage X to another',
    pattern: new RegExp(`^deal\\.stage leaves ${name('stage')}$`),
    isOfDeal: isWithDeal,
    check: checkStage,
    hears: onChange((data, change) => change.from === data.stage),
  },
  {
    is: 'stage changes',
    form: 'deal.stage changes',
    means: 'the deal comes to any other stage',
    pattern: /^deal\.stage changes$/,
    isOfDeal: isWithDeal,
    hears: onChange(() => true),
  },
  {
    is: 'stage goes back',
    form: 'deal.stage goes back',
    means: 'the deal comes to a stage that stands earlier in its pipeline',
    pattern: /^deal\.stage goes back$/,
    isOfDeal: isWithDeal,
    hears: onChange((_, change) => {
      const [from, to] = [indexOf(change, change.from), indexOf(change, change.to)];
      return to >= 0 && to < from;
    }),
  },
  {
    is: 'stage skips',
    form: 'deal.stage skips "X"',
    means: 'the deal passes over stage X without having stood in it; losing it is not passing over',
    pattern: new RegExp(`^deal\\.stage skips ${name('stage')}$`),
    isOfDeal: isWithDeal,
    check: checkStage,
    hears: onChange((data, change) => {
      const skipped = indexOf(change, String(data.stage));
      const isLost = change.pipeline?.lost.includes(change.to) === true;
      return !isLost && indexOf(change, change.from) < skipped && skipped < indexOf(change, change.to);
    }),
  },
  {
    is: 'deal reopens',
    form: 'deal reopens',
    means: 'the deal goes from a won or lost stage to an open one',
    pattern: /^deal reopens$/,
    isOfDeal: isWithDeal,
    hears: onChange((_, { from, to, pipeline }) => isClosed(pipeline, from) && !isClosed(pipeline, to)),
  },
  {
    is: 'deal won',
    form: 'deal won',
    means: 'the deal comes to a won stage of its pipeline',
    pattern: /^deal won$/,
    isOfDeal: isWithDeal,
    isOutcome: () => true,
    hears: onChange((_, { to, pipeline }) => pipeline?.won.includes(to) === true),
  },
  {
    is: 'deal lost',
    form: 'deal lost',
    means: 'the deal comes to a lost stage of its pipeline',
    pattern: /^deal lost$/,
    isOfDeal: isWithDeal,
    isOutcome: () => true,
    hears: onChange((_, { to, pipeline }) => pipeline?.lost.includes(to) === true),
  },
  {
    is: 'deal owner changes',
    form: 'deal.owner changes',
    means: 'another person owns the deal',
    pattern: /^deal\.owner changes$/,
    isOfDeal: isWithDeal,
    hears: (_, event) => event.type === 'deal.owner_changed',
  },
];

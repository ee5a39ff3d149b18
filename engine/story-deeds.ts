// What a workflow did with one contact, as a flat list of deeds in order of time: entering, asking for something outside,
// writing facts, moving the deal, coming to a step, standing there, ending. Effects are known by their verb and payload,
// so a new step kind needs nothing here.
import type { Notice, Rehearsal, TimelineLine } from './rehearsal.ts';
import type { Fields, Json } from './step.ts';

export interface Deed {
  readonly at: number;
  readonly what: 'enters' | 'asks' | 'sets' | 'moves' | 'reaches' | 'waits' | 'exits' | Notice['what'];
  /** Of an effect: the step kind that asked. */
  readonly verb: string | null;
  /** What it may be called by: the step's id, a template, a survey, a stage, an outcome. */
  readonly names: readonly string[];
  /** Facts and their values, where it writes some. */
  readonly values: Fields;
  readonly isGoal: boolean;
  readonly runId: string;
}

export function deedsOf({ timeline, asked, changes, runs, notices }: Rehearsal): Deed[] {
  const lines = timeline.flatMap((line, i) => deedsOfLine(line, timeline.slice(0, i), runs));
  // A mail is sent when it leaves: a frequency cap may hold it back.
  const asks = asked.map(({ askedAt, dueAt, verb, node, payload, runId }) =>
    createDeed({
      at: Math.max(askedAt, dueAt),
      what: 'asks',
      verb,
      names: [node, ...textsIn(payload)],
      runId,
    }),
  );
  const written = changes.flatMap(({ at, runId, patch, raises }) => {
    const values = { ...under('contact', patch.contact), ...under('deal', patch.deal) };
    const moves = raises.filter(({ type }) => type === 'deal.stage_changed');
    return [
      ...(Object.keys(values).length > 0 ? [createDeed({ at, what: 'sets', values, runId })] : []),
      ...moves.map(({ data }) => createDeed({ at, what: 'moves', names: [String(data.to)], runId })),
    ];
  });
  return [...lines, ...asks, ...written, ...notices.map((notice) => createDeed(notice))].sort(
    (a, b) => a.at - b.at,
  );
}

function deedsOfLine(
  { at, what, node, runId }: TimelineLine,
  before: readonly TimelineLine[],
  runs: Rehearsal['runs'],
): Deed[] {
  const stoodIn = before.findLast((line) => line.runId === runId);
  const isThere = stoodIn?.what === 'waits' && stoodIn.node === node;
  const reaches =
    node === null || isThere || what === 'entered'
      ? []
      : [createDeed({ at, what: 'reaches', names: [node], runId })];
  if (what === 'entered') return [createDeed({ at, what: 'enters', runId })];
  if (what === 'waits') return [...reaches, createDeed({ at, what: 'waits', names: [node ?? ''], runId })];
  if (what !== 'ended') return reaches;
  const { outcome, goal } = runs.get(runId) ?? { outcome: null, goal: false };
  return [...reaches, createDeed({ at, what: 'exits', names: [String(outcome)], isGoal: goal, runId })];
}

function createDeed(parts: Pick<Deed, 'at' | 'what' | 'runId'> & Partial<Deed>): Deed {
  return { verb: null, names: [], values: {}, isGoal: false, ...parts };
}

function textsIn(payload: Json): string[] {
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.values(payload).filter((value): value is string => typeof value === 'string');
}

function under(owner: string, fields: Fields = {}): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]): [string, Json][] => [
      [`${owner}.${field}`, value],
      ...(typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(under(`${owner}.${field}`, value as Fields))
        : []),
    ]),
  );
}

// A believable season of a sales funnel, as events in the API's own form: people arrive, deals climb the pipeline,
// fall back, are lost, go silent, are won, come again. A pure function of its seed and the pipeline: it knows no
// stage by name, so that it plays any pipeline that declares a way to win.
import type { Pipeline } from '../../engine/catalogue.ts';
import { type Dice, throwDice } from './dice.ts';
import { invent, type Person } from './people.ts';

/** What POST /v1/events takes. */
export interface ApiEvent {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly contact: { readonly id: string; readonly [field: string]: unknown };
  readonly deal?: { readonly id: string; readonly [field: string]: unknown };
  readonly data?: { readonly [field: string]: unknown };
}

export interface Season {
  readonly startAt: number;
  readonly endAt: number;
  readonly people: readonly Person[];
  /** In order of `at`. */
  readonly events: readonly ApiEvent[];
}

export interface SeasonShape {
  readonly seed: string;
  readonly pipeline: Pipeline;
  readonly startAt: number;
  readonly days: number;
  readonly leads: number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const products = [
  'Pumps',
  'Filters',
  'Service contract',
  'Control unit',
  'Spare parts',
  'Насосы',
  'Обслуживание',
] as const;
const owners = ['olga', 'max', 'irina', 'tom'] as const;

/** Odds at each rung of the ladder, first to last; a longer ladder repeats the last one. */
const rungs = [
  { on: 0.74, lost: 0.06, median: 1.5 },
  { on: 0.68, lost: 0.14, median: 4 },
  { on: 0.66, lost: 0.18, median: 4 },
  { on: 0.64, lost: 0.22, median: 5 },
  { on: 0.8, lost: 0, median: 7 },
] as const;
const rungAt = (step: number) => rungs[Math.min(step, rungs.length - 1)] ?? rungs[0];

export function generateSeason(shape: SeasonShape): Season {
  const people = Array.from({ length: shape.leads }, (_, i) =>
    invent(i + 1, throwDice(`${shape.seed}/${i + 1}`)),
  );
  const endAt = shape.startAt + shape.days * dayMs;
  const events = people.flatMap((person) => live(person, shape, endAt));
  events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { startAt: shape.startAt, endAt, people, events };
}

/** One person's events. They arrive over the first four fifths, so that the last still have time to move. */
function live(person: Person, shape: SeasonShape, endAt: number): ApiEvent[] {
  const dice = throwDice(`${shape.seed}/life/${person.id}`);
  const arrivesAt = inOfficeHours(shape.startAt + dice.next() * shape.days * 0.8 * dayMs, person, dice);
  const events = climb(person, 1, arrivesAt, shape.pipeline, dice);
  const last = events.at(-1);
  const isWon = last !== undefined && isWinning(shape.pipeline, String(last.deal?.stage));
  if (last && isWon && dice.falls(0.4))
    events.push(...climb(person, 2, after(Date.parse(last.at), 12, person, dice), shape.pipeline, dice));
  return events.filter((event) => Date.parse(event.at) < endAt);
}

/** One deal: up the ladder, with a fall back here and there, until it is lost, silent or through. */
function climb(person: Person, number: number, startAt: number, pipeline: Pipeline, dice: Dice): ApiEvent[] {
  const ladder = pipeline.stages.filter((stage) => !pipeline.lost.includes(stage));
  const deal = { id: `d-${person.id.slice(2)}-${number}`, ...firstFacts(pipeline, dice) };
  const events: ApiEvent[] = [];
  const enter = (stage: string, at: number) => {
    const isFirst = events.length === 0;
    events.push({
      id: `crm-${deal.id}-${events.length + 1}`,
      type: 'deal.stage_changed',
      at: iso(at),
      contact: isFirst ? factsOf(person) : { id: person.id },
      deal: isFirst ? { ...deal, stage } : { id: deal.id, pipeline: deal.pipeline, stage },
    });
  };
  let at = startAt;
  let hasFallen = false;
  for (let step = 0; step < ladder.length; step++) {
    enter(ladder[step] ?? '', at);
    const rung = rungAt(step);
    at = after(at, rung.median, person, dice);
    const fate = dice.next();
    if (fate < rung.lost && pipeline.lost[0] !== undefined) {
      enter(pipeline.lost[0], at);
      break;
    }
    if (fate >= rung.lost + rung.on) break;
    if (!hasFallen && step >= 2 && !isWinning(pipeline, ladder[step] ?? '') && dice.falls(0.12)) {
      hasFallen = true;
      step -= 2;
    }
  }
  return events;
}

function isWinning(pipeline: Pipeline, stage: string): boolean {
  const won = Math.min(...pipeline.won.map((name) => pipeline.stages.indexOf(name)).filter((at) => at >= 0));
  return !pipeline.lost.includes(stage) && pipeline.stages.indexOf(stage) >= won;
}

function firstFacts(pipeline: Pipeline, dice: Dice) {
  return {
    pipeline: pipeline.name,
    title: dice.pick(products),
    amount: Math.round(dice.around(9000) / 100) * 100,
    currency: 'EUR',
    owner: dice.pick(owners),
  };
}

function factsOf(person: Person): ApiEvent['contact'] {
  const { leavesAtMail: _, offset: __, consents, ...facts } = person;
  return { ...facts, consent: { marketing: consents } };
}

function after(at: number, medianDays: number, person: Person, dice: Dice): number {
  return inOfficeHours(at + Math.max(0.1, dice.around(medianDays)) * dayMs, person, dice);
}

/** The next working day between 9 and 18 where the person is; never before `at`. */
function inOfficeHours(at: number, person: Person, dice: Dice): number {
  let day = Math.floor((at + person.offset * hourMs) / dayMs) + 1;
  // 1970-01-01 was a Thursday.
  while ((day + 3) % 7 >= 5) day++;
  return day * dayMs + Math.floor((9 - person.offset + dice.next() * 9) * 60) * 60_000;
}

const iso = (at: number) => new Date(at).toISOString();

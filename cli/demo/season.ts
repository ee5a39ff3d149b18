// A believable season of a sales funnel, as events in the API's own form: people arrive, deals climb the pipeline,
// fall back, are lost, go silent, are won, come again. A year of the same lies before it, so that it begins with customers and
// open deals. A pure function of its seed, the pipeline and the declared facts; it plays any pipeline with a way to win.
import type { Catalogue, Pipeline } from '../../engine/catalogue.ts';
import { type Dice, throwDice } from './dice.ts';
import { factsAt, type Learnt, learntAt, slowness } from './habits.ts';
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
  /** What was before `startAt`, in order of `at`. */
  readonly past: readonly ApiEvent[];
  /** In order of `at`. */
  readonly events: readonly ApiEvent[];
}

export interface SeasonShape {
  readonly seed: string;
  readonly pipeline: Pipeline;
  /** What an event may say of contact and deal. */
  readonly facts: Catalogue['facts'];
  readonly startAt: number;
  readonly days: number;
  readonly leads: number;
  /** People who came in the year before; left out: nobody did. */
  readonly before?: number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Long enough for anniversaries and renewals to fall into the season. */
const pastDays = 400;
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
  { on: 0.74, lost: 0.06, median: 4 },
  { on: 0.72, lost: 0.12, median: 6 },
  { on: 0.7, lost: 0.14, median: 7 },
  { on: 0.66, lost: 0.18, median: 6 },
  { on: 0.86, lost: 0, median: 9 },
] as const;
const rungAt = (step: number) => rungs[Math.min(step, rungs.length - 1)] ?? rungs[0];

export function generateSeason(shape: SeasonShape): Season {
  const { startAt, days, leads, before = 0 } = shape;
  const endAt = startAt + days * dayMs;
  const people = Array.from({ length: before + leads }, (_, i) =>
    invent(i + 1, throwDice(`${shape.seed}/${i + 1}`)),
  );
  const all = people.flatMap((person, i) => {
    const dice = throwDice(`${shape.seed}/life/${person.id}`);
    // The last of a season arrive after four fifths of it, so that they still have time to move.
    const after = i < before ? (dice.next() - 1) * pastDays : dice.next() * days * 0.8;
    return live(person, startAt + after * dayMs, shape, dice).filter(({ at }) => Date.parse(at) < endAt);
  });
  all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const isPast = ({ at }: ApiEvent) => Date.parse(at) < startAt;
  return {
    startAt,
    endAt,
    people,
    past: all.filter(isPast).map(agreed),
    events: all.filter((event) => !isPast(event)),
  };
}

/** Who came long ago has confirmed long ago. */
function agreed(event: ApiEvent): ApiEvent {
  if (event.contact.consent === undefined) return event;
  return { ...event, contact: { ...event.contact, consent_proof: { how: 'earlier', confirmed: true } } };
}

/** One person's events. */
function live(person: Person, startAt: number, shape: SeasonShape, dice: Dice): ApiEvent[] {
  const arrivesAt = inOfficeHours(startAt, person, dice);
  const events = climb(person, 1, arrivesAt, shape, dice);
  const moves = events.filter(({ type }) => type === 'deal.stage_changed');
  const last = moves.at(-1);
  const isWon = last !== undefined && isWinning(shape.pipeline, String(last.deal?.stage));
  if (last && isWon && dice.falls(0.3))
    events.push(...climb(person, 2, after(Date.parse(last.at), 40, person, dice), shape, dice));
  return events;
}

/** One deal: up the ladder, with a fall back here and there, until it is lost, silent or through. */
function climb(person: Person, number: number, startAt: number, shape: SeasonShape, dice: Dice): ApiEvent[] {
  const { pipeline, facts } = shape;
  const ladder = pipeline.stages.filter((stage) => !pipeline.lost.includes(stage));
  const deal = { id: `d-${person.id.slice(2)}-${number}`, ...firstFacts(pipeline, dice) };
  const events: ApiEvent[] = [];
  const learnt: Learnt[] = [];
  const add = (event: Omit<ApiEvent, 'id'>) =>
    events.push({ ...event, id: `crm-${deal.id}-${events.length + 1}` });
  const enter = (stage: string, at: number) => {
    const isFirst = events.length === 0;
    // What was to come in the stage before does not come any more.
    const isEnd = pipeline.lost.includes(stage) || isWinning(pipeline, stage);
    const stays = ({ at: due, until }: Learnt) =>
      due < at || until === 'never' || (until === 'end' && !isEnd);
    learnt.splice(0, learnt.length, ...learnt.filter(stays));
    const told = { ...factsAt(stage, { at, person, dice }), stage };
    add({
      type: 'deal.stage_changed',
      at: iso(at),
      contact: isFirst ? factsOf(person, facts) : { id: person.id },
      deal: isFirst
        ? { ...deal, ...known(told, facts.deal) }
        : { id: deal.id, pipeline: deal.pipeline, ...known(told, facts.deal) },
    });
    learnt.push(...learntAt(stage, { at, person, dice }));
    return slowness(told);
  };
  walk({ enter, ladder, startAt, person, pipeline, dice });
  for (const { at, type, data, contact, deal: said } of learnt)
    add({
      type,
      at: iso(at),
      contact: { ...known(contact ?? {}, facts.contact), id: person.id },
      deal: { ...known(said ?? {}, facts.deal), id: deal.id },
      ...(data === undefined ? {} : { data }),
    });
  return events;
}

interface Walk {
  /** Answers how much longer than others it stands there. */
  enter(stage: string, at: number): number;
  readonly ladder: readonly string[];
  readonly startAt: number;
  readonly person: Person;
  readonly pipeline: Pipeline;
  readonly dice: Dice;
}

function walk({ enter, ladder, startAt, person, pipeline, dice }: Walk): void {
  let at = startAt;
  let hasFallen = false;
  for (let step = 0; step < ladder.length; step++) {
    const slow = enter(ladder[step] ?? '', at);
    const rung = rungAt(step);
    at = after(at, rung.median * slow, person, dice);
    const fate = dice.next();
    if (fate < rung.lost && pipeline.lost[0] !== undefined) {
      enter(pipeline.lost[0], at);
      // Some come back when the reason is gone.
      if (step >= 2 && dice.falls(0.12)) enter(ladder[1] ?? '', after(at, 45, person, dice));
      return;
    }
    if (fate >= rung.lost + rung.on) return;
    if (!hasFallen && step >= 2 && !isWinning(pipeline, ladder[step] ?? '') && dice.falls(0.1)) {
      hasFallen = true;
      step -= 2;
    }
  }
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

/** Who came by a form has to confirm the address; who agreed at a fair has done so on paper. */
function factsOf(person: Person, facts: Catalogue['facts']): ApiEvent['contact'] {
  const { leavesAtMail: _, offset: __, consents, source, id, email, ...rest } = person;
  const proof = source === 'form' ? { how: 'sign-up form' } : { how: source, confirmed: true };
  const consent = { consent: { marketing: consents }, ...(consents ? { consent_proof: proof } : {}) };
  return { id, email, ...known({ ...rest, source }, facts.contact), ...consent };
}

/** What is declared of it. */
function known(
  said: { readonly [field: string]: unknown },
  types: Catalogue['facts']['contact'],
): { [field: string]: unknown } {
  return Object.fromEntries(Object.entries(said).filter(([field]) => types[field] !== undefined));
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

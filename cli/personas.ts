// Made-up people by the throw of seeded dice, as different as the workflow can tell apart: facts that its conditions compare
// are drawn around the values compared with, dates around the start. The same seed draws the same people.
import type { Catalogue, FieldType, FieldTypes } from '../engine/catalogue.ts';
import { builtInFacts } from '../engine/facts.ts';
import { type Beginning, inventPersona } from '../engine/persona.ts';
import type { Plan } from '../engine/plan.ts';
import type { Fields, Json } from '../engine/step.ts';
import { type Dice, throwDice } from './demo/dice.ts';
import { invent } from './demo/people.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const weekMinutes = 7 * 24 * 60;

export interface Drawing {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  /** What conditions compare facts with, by path. */
  readonly literals: ReadonlyMap<string, readonly (string | number)[]>;
  readonly seed: string;
  /** They begin within a week of this. */
  readonly from: number;
}

export interface Drawn extends Beginning {
  readonly at: number;
  readonly dice: Dice;
}

export function drawPersona(number: number, { plan, catalogue, literals, seed, from }: Drawing): Drawn {
  const dice = throwDice(`${seed} ${number}`);
  const at = from + dice.between(0, weekMinutes) * minuteMs;
  const { id, email, first_name, last_name, company, locale, timezone, consents } = invent(number, dice);
  const facts = (owner: 'contact' | 'deal') => drawFacts(owner, catalogue.facts[owner], literals, dice, at);
  const score = Object.fromEntries(
    [...literals.keys()]
      .filter((path) => path.startsWith('contact.score.'))
      .map((path) => [path.split('.')[2] ?? '', dice.between(0, 100)]),
  );
  const person = { id, email, first_name, last_name, company, locale, timezone, score };
  const contact = { ...facts('contact'), ...person, consent: { [plan.topic ?? 'marketing']: consents } };
  const amount = Math.round(drawNumber(literals.get('deal.amount') ?? [], 8_000, dice));
  const hasDeal = plan.enter.per === 'deal';
  const given = hasDeal ? { contact, deal: { ...facts('deal'), amount } } : { contact };
  const begun = inventPersona(plan, catalogue, given, { at, dealId: `d-${number}` });
  return { ...begun, at, dice };
}

/** Fields of facts.yaml; one in seven is not known. */
function drawFacts(
  owner: 'contact' | 'deal',
  types: FieldTypes,
  literals: Drawing['literals'],
  dice: Dice,
  at: number,
): Fields {
  const facts: { [field: string]: Json } = {};
  for (const [field, type] of Object.entries(types)) {
    if (typeof type !== 'string' || builtInFacts[owner][field] !== undefined || dice.falls(1 / 7)) continue;
    facts[field] = drawValue(type, literals.get(`${owner}.${field}`) ?? [], dice, at);
  }
  return facts;
}

function drawValue(type: FieldType, known: readonly (string | number)[], dice: Dice, at: number): Json {
  if (type === 'boolean') return dice.falls(0.5);
  if (type === 'number') return Math.round(drawNumber(known, 50, dice));
  if (type === 'instant') return new Date(at + dice.between(-30, 120) * dayMs).toISOString();
  const texts = known.filter((value) => typeof value === 'string' && value !== '');
  return texts[dice.between(0, texts.length)] ?? 'something else';
}

function drawNumber(known: readonly (string | number)[], otherwise: number, dice: Dice): number {
  const limits = known.filter((value): value is number => typeof value === 'number' && value > 0);
  return dice.around(limits[dice.between(0, limits.length - 1)] ?? otherwise);
}

// Facts fit to be printed: whatever a contact or a CRM wrote, as one line without what cannot be seen. Pure.
import type { Json } from '../engine/step.ts';
import { cleanLine } from './addresses.ts';

/** A fact fit to be printed: one line, nothing invisible, of bounded length. */
const MAX_FACT = 2_000;

export function cleaned(fact: Json): Json {
  if (typeof fact === 'string') return cleanLine(fact, MAX_FACT);
  if (fact === null || typeof fact !== 'object') return fact;
  if (isList(fact)) return fact.map(cleaned);
  return Object.fromEntries(Object.entries(fact).map(([name, value]) => [name, cleaned(value)]));
}

function isList(fact: object): fact is readonly Json[] {
  return Array.isArray(fact);
}

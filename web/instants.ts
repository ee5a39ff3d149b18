// Instants as the API writes them: ISO 8601 in UTC, as it also reads them.

import type { Fields } from '../engine/step.ts';

export function toText(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** The built-in facts whose values the ledger keeps as milliseconds. */
const ofLedger = [
  ...['created_at', 'updated_at', 'stage_at', 'surveyed_at'],
  ...['paused_until', 'held_until', 'held_since'],
];

export function toFacts(facts: Fields): Fields {
  const instants = ofLedger.flatMap((field) => {
    const at = facts[field];
    return typeof at === 'number' ? [[field, toText(at)] as const] : [];
  });
  return { ...facts, ...Object.fromEntries(instants) };
}

// Deals whose true odds are known, so that the best that anybody could predict is known too.
import type { Field } from '../../analysis/columns.ts';
import type { Case } from '../../analysis/predict.ts';
import { rollDice } from '../analysis/random.ts';

export const fields: Field[] = [
  { name: 'amount', type: 'number' },
  { name: 'employees', type: 'number' },
  { name: 'source', type: 'text' },
  { name: 'budget', type: 'boolean' },
  { name: 'phase', type: 'number' },
];
const bySource: { [source: string]: number } = { web: 0, fair: 0.5, partner: 1, cold: -0.8 };

/** Deals whose odds are known: the logarithm of the amount, size, source and budget count; the phase of the moon does not. */
export function generate(
  seed: number,
  size: number,
): { cases: Case[]; logits: Float64Array; won: Uint8Array } {
  const dice = rollDice(seed);
  const logits = new Float64Array(size);
  const cases = Array.from({ length: size }, (_, i) => {
    const amount = dice.logNormal(5_000, 1);
    const employees = dice.normal();
    const source = ['web', 'fair', 'partner', 'cold'][dice.pick([4, 2, 2, 3])] ?? 'web';
    const budget = dice.chance(0.6);
    const logit =
      -0.8 - 0.5 * (Math.log(amount) - 8) + 0.7 * employees + (bySource[source] ?? 0) + (budget ? 0.9 : 0);
    logits[i] = logit;
    const values = {
      amount,
      employees,
      source,
      budget: dice.chance(0.15) ? null : budget,
      phase: dice.uniform(),
    };
    // The field is left empty after the odds were drawn: the missing column has nothing to say.
    return { id: `deal-${i}`, won: dice.chance(1 / (1 + Math.exp(-logit))), values };
  });
  return { cases, logits, won: Uint8Array.from(cases, ({ won }) => (won ? 1 : 0)) };
}

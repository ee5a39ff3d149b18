// Rows of a stage history to journeys, one deal in memory at a time. The rows must come deal by deal, each deal's in
// order of time, as `order by deal_id, at, id` gives them: a deal whose rows are apart would be counted twice.
import type { Journey } from './funnel.ts';

export interface StageChange {
  readonly dealId: string;
  readonly to: string;
  readonly group: string;
  readonly amount: number | null;
}

/** `push` every row, then `end` once; each finished deal is handed to `use`. Group and amount are those of its last row. */
export function gatherJourneys(use: (journey: Journey) => void): {
  push(change: StageChange): void;
  end(): void;
} {
  let last: StageChange | null = null;
  let stages: string[] = [];
  const end = () => {
    if (last) use({ group: last.group, amount: last.amount, stages });
    last = null;
    stages = [];
  };
  const push = (change: StageChange) => {
    if (last && last.dealId !== change.dealId) end();
    last = change;
    stages.push(change.to);
  };
  return { push, end };
}

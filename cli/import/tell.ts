// An import in words: what was (or would be) taken, where the deals stand, and everything untidy with its lines.
import type { Pipeline } from '../../engine/catalogue.ts';
import type { Imported, Tally, Untidy } from './tally.ts';

export function summarize(
  tally: Tally,
  pipelines: readonly Pipeline[],
  { applied, stoppedAt }: Pick<Imported, 'applied' | 'stoppedAt'>,
): Imported {
  const { rows, taken, known, refused, events, stages, refusals, notes, spelling } = tally;
  const sum = (names: readonly string[]) =>
    [...new Set(names)].reduce((all, name) => all + (stages.get(name) ?? 0), 0);
  const often = (of: ReadonlyMap<string, Untidy>) => [...of.values()].sort((a, b) => b.rows - a.rows);
  return {
    applied,
    rows,
    taken,
    known,
    refused,
    events,
    stages: Object.fromEntries([...stages].sort((a, b) => b[1] - a[1])),
    won: sum(pipelines.flatMap((one) => one.won)),
    lost: sum(pipelines.flatMap((one) => one.lost)),
    refusals: often(refusals),
    notes: often(notes),
    spellings: spelling.find(),
    stoppedAt,
  };
}

export function tell(imported: Imported, apply: string): string {
  const { applied, rows, taken, known, refused, events, stoppedAt } = imported;
  const done = applied ? 'were imported' : 'would be imported';
  const lines = [
    `${count(rows, 'row')}: ${say(taken)} ${done} (${count(events, 'event')}), ${say(known)} are in the ledger already, ${say(refused)} refused.`,
    ...tellStages(imported),
    ...list('Refused', imported.refusals),
    ...list('Taken, but untidy', imported.notes),
    ...tellSpellings(imported),
    ...(stoppedAt === null ? [] : [`Stopped after line ${stoppedAt}: run it again to go on.`]),
    ...(applied ? [] : ['Nothing was written. To import:', `  ${apply}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function tellStages({ stages, won, lost }: Imported): string[] {
  const deals = Object.entries(stages).map(([stage, n]) => `${stage} ${say(n)}`);
  if (deals.length === 0) return [];
  const share =
    won + lost === 0 ? '' : `; ${((100 * won) / (won + lost)).toFixed(2)} % of the closed are won`;
  return [`Deals by stage: ${deals.join(', ')}${share}.`];
}

function list(title: string, kinds: readonly Untidy[]): string[] {
  if (kinds.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...kinds.map(({ column, reason, rows, lines }) => {
      const more = rows > lines.length ? ', ...' : '';
      return `  ${count(rows, 'row')}  ${column}: ${reason} (line ${lines.join(', ')}${more})`;
    }),
    '',
  ];
}

function tellSpellings({ spellings }: Imported): string[] {
  if (spellings.length === 0) return [];
  const lines = spellings.map(
    ({ column, rare, rareRows, usual, usualRows }) =>
      `  ${column}: "${rare}" (${count(rareRows, 'row')}) and "${usual}" (${count(usualRows, 'row')})`,
  );
  return ['Perhaps the same, spelled twice; `rename:` in the map mends it:', ...lines, ''];
}

const say = (n: number) => n.toLocaleString('en');
const count = (n: number, what: string) => `${say(n)} ${what}${n === 1 ? '' : 's'}`;

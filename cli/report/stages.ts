// Time in each stage with the open deals counted (Kaplan and Meier), and the pipeline's velocity.
import { durationOf, velocityOf } from '../../analysis/durations.ts';
import { meanOf, noMoments, shareOf } from '../../analysis/stats.ts';
import { type Quantile, quantileOf, survivalOfCounts } from '../../analysis/survival.ts';
import { readCloses } from '../../db/reports-closes.ts';
import { chooseGrain, readCycles, readStageSpells } from '../../db/reports-spells.ts';
import { readAtOnce } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { number, type Report, type ReportCell, say, span, unknown, words } from './report.ts';

const dayMs = 86_400_000;
const columns = ['stage', 'visits', 'open', 'quarter left by', 'median', '95 %', 'three quarters by'];

export async function reportStages(ground: Ground): Promise<Report> {
  const { pipeline, ways } = ground;
  const { spells, cycles, closes } = await readAtOnce(ground.db, async (tx) => {
    const grain = await chooseGrain(tx, pipeline.name);
    return {
      spells: await readStageSpells(tx, ways, grain),
      cycles: await readCycles(tx, ways, grain),
      closes: (await readCloses(tx, ways))[0] ?? { won: 0, lost: 0, open: 0, ...noMoments() },
    };
  });
  const closing = new Set([...pipeline.won, ...pipeline.lost]);
  const durations = pipeline.stages
    .filter((stage) => !closing.has(stage))
    .map((stage) => durationOf(stage, survivalOfCounts(spells.filter((one) => one.stage === stage))));
  const cycle = quantileOf(survivalOfCounts(cycles));
  const velocity = velocityOf({
    openDeals: closes.open,
    winRate: shareOf(closes.won, closes.won + closes.lost),
    averageDeal: meanOf(closes),
    cycle,
  });
  const rows = durations.map(({ stage, survival, median, quarter, threeQuarters }) => [
    words(stage),
    number(survival.n),
    number(survival.open),
    days(quarter),
    days(median),
    words(interval(median)),
    days(threeQuarters),
  ]);
  const cycleSaid =
    cycle.ms === null
      ? 'not enough yet: half of the deals are not closed'
      : `${days(cycle).text} (${interval(cycle)})`;
  const velocitySaid =
    velocity === null ? 'not enough yet' : `${say(velocity.value)} of value a day (${span(velocity)})`;
  const said = [
    'Days, with the deals that still stand there counted as not over yet.',
    `From the first stage to the close, median: ${cycleSaid}.`,
    `Velocity: ${velocitySaid}.`,
  ];
  const bars = durations.map(({ stage, median }) => ({
    label: stage,
    value: median.ms === null ? null : median.ms / dayMs,
    low: median.low === null ? null : median.low / dayMs,
    high: median.high === null ? null : median.high / dayMs,
    text: median.ms === null ? 'not enough yet' : `${days(median).text} days (${interval(median)})`,
  }));
  const chart = { id: 'stages', title: 'Median days in stage', description: said.join(' '), bars };
  const section = { title: 'Time in stage', said, columns, rows, chart: { kind: 'bars' as const, chart } };
  return { title: 'Stages', about: ground.about, sections: [section] };
}

function days({ ms }: Quantile): ReportCell {
  return ms === null ? unknown('not enough yet') : { value: ms / dayMs, text: say(ms / dayMs) };
}

const bound = (ms: number | null) => (ms === null ? '?' : say(ms / dayMs));
const interval = ({ low, high }: Quantile) =>
  low === null && high === null ? '-' : `${bound(low)} to ${bound(high)}`;

// Time in each stage with the open deals counted (Kaplan and Meier), and the pipeline's velocity.
import { durationOf, velocityOf } from '../../analysis/durations.ts';
import { meanOf, noMoments, shareOf } from '../../analysis/stats.ts';
import { type Quantile, quantileOf, survivalOfCounts } from '../../analysis/survival.ts';
import { readCloses } from '../../db/reports-closes.ts';
import { chooseGrain, readCycles, readStageSpells } from '../../db/reports-spells.ts';
import { readAtOnce } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { cellsIn, type Report, type ReportCell, unknown, words } from './report.ts';
import type { ReportWords } from './wording.ts';

const dayMs = 86_400_000;

export async function reportStages(ground: Ground): Promise<Report> {
  const { pipeline, ways, tell } = ground;
  const { number } = cellsIn(tell);
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
    days(tell, quarter),
    days(tell, median),
    words(interval(tell, median)),
    days(tell, threeQuarters),
  ]);
  const wordsOf = (median: Quantile) =>
    median.ms === null ? null : { text: days(tell, median).text, interval: interval(tell, median) };
  const said = [tell.stages.lead, tell.stages.cycle(wordsOf(cycle)), tell.stages.velocity(velocity)];
  const inDays = (ms: number | null) => (ms === null ? null : ms / dayMs);
  const bars = durations.map(({ stage, median }) => {
    const known = wordsOf(median);
    return {
      label: stage,
      value: inDays(median.ms),
      low: inDays(median.low),
      high: inDays(median.high),
      text: known === null ? tell.notEnough : tell.stages.days(known),
    };
  });
  const chart = { id: 'stages', title: tell.stages.chart, description: said.join(' '), bars };
  const { title, columns } = tell.stages;
  const section = { title, said, columns, rows, chart: { kind: 'bars' as const, chart } };
  return { title: tell.titles.stages, about: ground.about, sections: [section] };
}

function days({ say, notEnough }: ReportWords, { ms }: Quantile): ReportCell {
  return ms === null ? unknown(notEnough) : { value: ms / dayMs, text: say(ms / dayMs) };
}

function interval({ say, range }: ReportWords, { low, high }: Quantile): string {
  const bound = (ms: number | null) => (ms === null ? '?' : say(ms / dayMs));
  return low === null && high === null ? '-' : range(bound(low), bound(high));
}

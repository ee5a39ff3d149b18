// Time in each stage with the open deals counted (Kaplan and Meier), and the pipeline's velocity.
import { durationsOf, type StageSpell, velocityOf } from '../../analysis/durations.ts';
import { addMoment, meanOf, noMoments, shareOf } from '../../analysis/stats.ts';
import { type Quantile, quantileOf, type Spell, survivalOf } from '../../analysis/survival.ts';
import type { Ground } from './ground.ts';
import { number, type Report, type ReportCell, say, span, unknown, words } from './report.ts';

const dayMs = 86_400_000;
const columns = ['stage', 'visits', 'open', 'quarter left by', 'median', '95 %', 'three quarters by'];

export async function reportStages(ground: Ground): Promise<Report> {
  const { pipeline, at } = ground;
  const [won, lost] = [new Set(pipeline.won), new Set(pipeline.lost)];
  const spells: StageSpell[] = [];
  const cycles: Spell[] = [];
  const amounts = noMoments();
  const counts = { won: 0, lost: 0, open: 0 };
  await ground.eachDeal(({ stages, ats, amount }) => {
    const end = stages.findIndex((stage) => won.has(stage));
    const isLost = end < 0 && lost.has(stages.at(-1) ?? '');
    stages.forEach((stage, i) => {
      if (lost.has(stage) || (end >= 0 && i >= end)) return;
      const next = ats[i + 1];
      spells.push({ stage, ms: Math.max(0, (next ?? at) - (ats[i] ?? at)), ended: next !== undefined });
    });
    const closed = end >= 0 ? ats[end] : isLost ? ats.at(-1) : undefined;
    cycles.push({ ms: Math.max(0, (closed ?? at) - (ats[0] ?? at)), ended: closed !== undefined });
    counts[end >= 0 ? 'won' : isLost ? 'lost' : 'open'] += 1;
    if (end >= 0 && amount !== null) addMoment(amounts, amount);
  });
  const order = pipeline.stages.filter((stage) => !lost.has(stage) && !won.has(stage));
  const durations = durationsOf(spells, order);
  const cycle = quantileOf(survivalOf(cycles));
  const velocity = velocityOf({
    openDeals: counts.open,
    winRate: shareOf(counts.won, counts.won + counts.lost),
    averageDeal: meanOf(amounts),
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

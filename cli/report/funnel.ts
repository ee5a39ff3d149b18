// The funnel: how many came to each stage, how many went on, what was lost there, and which stage is the bottleneck.
import type { Bottleneck } from '../../analysis/bottleneck.ts';
import { type Funnel, funnelsOf, type StageFigures } from '../../analysis/conversion.ts';
import { addWay, openFunnel } from '../../analysis/funnel.ts';
import { readAtOnce, readFunnelWays } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { cellsIn, inTime, type Report, type ReportCell, type Section, unknown, words } from './report.ts';
import type { ReportWords } from './wording.ts';

export async function reportFunnel(ground: Ground): Promise<Report> {
  const open = () => openFunnel(ground.pipeline, ground.pipeline);
  const [priced, plain] = [open(), open()];
  const ways = await readAtOnce(ground.db, (tx) => readFunnelWays(tx, ground.ways));
  for (const { group, stages, deals, priced: known, first, second, third } of ways) {
    addWay(priced, { group, stages, deals, priced: known, sums: [first, second, third] });
    addWay(plain, { group, stages, deals, priced: deals, sums: [deals, deals, deals] });
  }
  const byNumber = new Map(funnelsOf(plain).map((one) => [one.group, one.bottleneck]));
  const funnels = funnelsOf(priced).sort(inTime(ground.ways.by) ?? ((a, b) => b.deals - a.deals));
  return {
    title: ground.tell.titles.funnel,
    about: ground.about,
    sections: funnels.map((one, i) => sectionOf(ground, one, byNumber.get(one.group) ?? one.bottleneck, i)),
  };
}

function sectionOf({ tell, pipeline }: Ground, funnel: Funnel, byNumber: Bottleneck, place: number): Section {
  const { group, stages, winRate } = funnel;
  const { number, shareCells } = cellsIn(tell);
  const won = new Set(pipeline.won);
  const isByValue = funnel.bottleneck.is !== 'no amounts';
  const bottleneck = isByValue ? funnel.bottleneck : byNumber;
  const passedOver = stages
    .slice(1)
    .filter(({ entered, stood }) => entered > 0 && stood === 0)
    .map((one) => one.stage);
  const name = group === 'all' ? null : group === 'not said' ? tell.notSaid : group;
  const said = [
    tell.funnel.deals(funnel, tell.funnel.won(winRate)),
    ...(funnel.unpriced > 0 ? [tell.funnel.unpriced(funnel.unpriced)] : []),
    ...(passedOver.length > 0 ? [tell.funnel.passedOver(passedOver)] : []),
    tellBottleneck(tell, bottleneck, funnel.bottleneck),
  ];
  const worst = bottleneck.is === 'named' ? bottleneck.stage : null;
  return {
    title: name ?? tell.funnel.title,
    said,
    columns: tell.funnel.columns,
    rows: stages.map((one) => [
      words(one.stage === worst ? tell.funnel.bottleneck(one.stage) : one.stage),
      number(one.entered),
      number(one.advanced),
      number(one.lost),
      won.has(one.stage) ? unknown('-') : number(one.open),
      ...shareCells(one.ofDecided),
      ...lossCells(tell, one, isByValue),
    ]),
    chart: {
      kind: 'funnel',
      chart: {
        id: `funnel-${place}`,
        title: tell.funnel.chart(name),
        description: said.join(' '),
        stages: stages.map((one) => ({
          label: one.stage,
          count: one.entered,
          text: tell.say(one.entered),
          onward: one.ofDecided && tell.funnel.onward(one.ofDecided, one.stage === worst),
          isBottleneck: one.stage === worst,
        })),
      },
    },
  };
}

/** What is lost after the win was not lost to the funnel, but is told; where few lost deals have an amount nothing is. */
function lossCells(tell: ReportWords, { lost, loss }: StageFigures, isByValue: boolean): ReportCell[] {
  if (!isByValue && lost > 0) return [unknown('-'), words('-')];
  return [cellsIn(tell).number(loss.value), words(lost === 0 ? '-' : tell.span(loss))];
}

/** `byValue` is why it may be weighed by number instead. */
function tellBottleneck({ funnel }: ReportWords, found: Bottleneck, byValue: Bottleneck): string {
  if (found.is === 'not enough yet') return funnel.fewLost(found.lost, found.needed);
  if (found.is === 'no amounts') return funnel.noAmounts;
  if (found.is === 'none stands out') return funnel.noneStandsOut(found.candidates);
  if (byValue.is !== 'no amounts') return funnel.named(found, 'of value');
  return `${funnel.named(found, 'deals')} ${funnel.byNumber(byValue.priced, byValue.lost)}`;
}

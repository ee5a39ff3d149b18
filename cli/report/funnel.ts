// The funnel: how many came to each stage, how many went on, what was lost there, and which stage is the bottleneck.
import type { Bottleneck } from '../../analysis/bottleneck.ts';
import { type Funnel, funnelsOf } from '../../analysis/conversion.ts';
import { addWay, openFunnel } from '../../analysis/funnel.ts';
import { readAtOnce, readFunnelWays } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { number, percent, type Report, type Section, say, shareCells, span, words } from './report.ts';

const columns = ['stage', 'entered', 'went on', 'lost', 'open', 'of the decided', '95 %', 'value lost'];

export async function reportFunnel(ground: Ground): Promise<Report> {
  const open = () => openFunnel(ground.pipeline, ground.pipeline);
  const [priced, plain] = [open(), open()];
  const ways = await readAtOnce(ground.db, (tx) => readFunnelWays(tx, ground.ways));
  for (const { group, stages, deals, priced: known, first, second, third } of ways) {
    addWay(priced, { group, stages, deals, priced: known, sums: [first, second, third] });
    addWay(plain, { group, stages, deals, priced: deals, sums: [deals, deals, deals] });
  }
  const byNumber = new Map(funnelsOf(plain).map((one) => [one.group, one.bottleneck]));
  const funnels = funnelsOf(priced).sort((a, b) => b.deals - a.deals);
  return {
    title: 'Funnel',
    about: ground.about,
    sections: funnels.map((one, i) => sectionOf(one, byNumber.get(one.group) ?? one.bottleneck, i)),
  };
}

function sectionOf(funnel: Funnel, byNumber: Bottleneck, place: number): Section {
  const { group, stages, deals, won, lost, open, winRate } = funnel;
  const title = group === 'all' ? 'From stage to stage' : group;
  const isByValue = funnel.bottleneck.is !== 'no amounts';
  const bottleneck = isByValue ? funnel.bottleneck : byNumber;
  const rate =
    winRate === null
      ? 'none is closed yet'
      : `${percent(winRate.value)} of the closed are won (${span(winRate, percent)})`;
  const said = [
    `${say(deals)} deals: ${say(won)} won, ${say(lost)} lost, ${say(open)} open; ${rate}.`,
    ...(funnel.unpriced > 0
      ? [`${say(funnel.unpriced)} deals have no amount: they count, and weigh nothing.`]
      : []),
    tellBottleneck(bottleneck, isByValue),
  ];
  const worst = bottleneck.is === 'named' ? bottleneck.stage : null;
  return {
    title,
    said,
    columns,
    rows: stages.map((one) => [
      words(one.stage === worst ? `${one.stage} (bottleneck)` : one.stage),
      number(one.entered),
      number(one.advanced),
      number(one.lost),
      number(one.open),
      ...shareCells(one.ofDecided),
      number(one.loss.value),
    ]),
    chart: {
      kind: 'funnel',
      chart: {
        id: `funnel-${place}`,
        title: `Deals by the stage they came to${group === 'all' ? '' : `: ${group}`}`,
        description: said.join(' '),
        stages: stages.map((one) => ({
          label: one.stage,
          count: one.entered,
          text: say(one.entered),
          onward:
            one.ofDecided === null
              ? null
              : `${percent(one.ofDecided.value)} of the decided went on (${span(one.ofDecided, percent)})${one.stage === worst ? ': the bottleneck' : ''}`,
          isBottleneck: one.stage === worst,
        })),
      },
    },
  };
}

function tellBottleneck(found: Bottleneck, isByValue: boolean): string {
  const unit = isByValue ? 'of value' : 'deals';
  if (found.is === 'not enough yet')
    return `Bottleneck: not enough yet: ${say(found.lost)} deals are lost, ${found.needed} are needed.`;
  if (found.is === 'no amounts') return 'Bottleneck: not enough yet: no lost deal has an amount.';
  if (found.is === 'none stands out')
    return `Bottleneck: none stands out; it could be ${found.candidates.join(' or ')}.`;
  const by = isByValue ? '' : ' Weighed by number, because no lost deal has an amount.';
  return (
    `Bottleneck: ${found.stage}. It loses ${say(found.loss.value)} ${unit} (${span(found.loss)}), ${percent(found.shareOfLoss)} of all that is lost ` +
    `before the win, and ${say(found.lead.value)} (${span(found.lead)}) more than ${found.over}. ` +
    `The smallest conversion is that of ${found.smallestRate}.${by}`
  );
}

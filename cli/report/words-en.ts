// The English of the reports.
import { figuresOf } from './figures.ts';
import type { ReportWords } from './wording.ts';

const notEnough = 'not enough yet';
const figures = figuresOf({ lang: 'en', range: (low, high) => `${low} to ${high}`, notEnough });
const { say, percent, points, span } = figures;

export const en: ReportWords = {
  ...figures,
  lang: 'en',
  titles: {
    funnel: 'Funnel',
    stages: 'Stages',
    forecast: 'Forecast',
    value: 'Value',
    costs: 'Costs',
    nps: 'NPS',
    workflows: 'Workflows',
  },
  letter: {
    subject: 'The funnel this week',
    why: 'You get this because somebody at your company asked for it for you: `voronka report weekly --stop` ends it.',
  },
  reports: 'Reports',
  notEnough,
  notSaid: 'not said',
  notKnown: '(not known)',
  about: {
    all: 'all deals',
    begun: (period) => `deals begun in ${period}`,
    asOf: (day) => `as of ${day}`,
    currency: (code) => `in ${code}`,
    lastDays: (days) => `asked in the last ${days} days`,
  },
  funnel: {
    title: 'From stage to stage',
    chart: (group) => `Deals by the stage they came to${group === null ? '' : `: ${group}`}`,
    columns: ['stage', 'entered', 'went on', 'lost', 'open', 'of the decided', '95 %', 'value lost', '95 %'],
    bottleneck: (stage) => `${stage} (bottleneck)`,
    deals: ({ deals, won, lost, open }, rate) =>
      `${say(deals)} deals: ${say(won)} won, ${say(lost)} lost, ${say(open)} open; ${rate}.`,
    won: (rate) =>
      rate === null
        ? 'none is closed yet'
        : `${percent(rate.value)} of the closed are won (${span(rate, percent)})`,
    unpriced: (deals) => `${say(deals)} deals have no amount: they count, and weigh nothing.`,
    onward: (share, isBottleneck) =>
      `${percent(share.value)} of the decided went on (${span(share, percent)})${isBottleneck ? ': the bottleneck' : ''}`,
    fewLost: (lost, needed) =>
      `Bottleneck: not enough yet: ${say(lost)} deals are lost, ${needed} are needed.`,
    noAmounts: 'Bottleneck: not enough yet: no lost deal has an amount.',
    noneStandsOut: (candidates) => `Bottleneck: none stands out; it could be ${candidates.join(' or ')}.`,
    named: ({ stage, loss, shareOfLoss, lead, over, smallestRate }, unit) =>
      `Bottleneck: ${stage}. It loses ${say(loss.value)} ${unit} (${span(loss)}), ${percent(shareOfLoss)} of all that is lost ` +
      `before the win, and ${say(lead.value)} (${span(lead)}) more than ${over}. The smallest conversion is that of ${smallestRate}.`,
    byNumber: (priced, lost) =>
      `Weighed by number, because ${priced === 0 ? 'no lost deal has' : `only ${say(priced)} of ${say(lost)} lost deals have`} an amount.`,
    passedOver: (stages) =>
      `No deal ever stood at ${stages.join(', ')}: what is counted there jumped over it.`,
  },
  stages: {
    title: 'Time in stage',
    chart: 'Median days in stage',
    columns: ['stage', 'visits', 'open', 'quarter left by', 'median', '95 %', 'three quarters by'],
    lead: 'Days, with the deals that still stand there counted as not over yet.',
    cycle: (median) =>
      `From the first stage to the close, median: ${median === null ? 'not enough yet: half of the deals are not closed' : `${median.text} (${median.interval})`}.`,
    velocity: (velocity) =>
      `Velocity: ${velocity === null ? notEnough : `${say(velocity.value)} of value a day (${span(velocity)})`}.`,
    days: ({ text, interval }) => `${text} days (${interval})`,
  },
  forecast: {
    title: 'From the open pipeline',
    chart: (unit) => (unit === 'deals' ? 'Deals won from the open pipeline' : 'Value from the open pipeline'),
    columns: ['month', 'forecast', '95 %', 'error before', 'interval held', 'forecasts before'],
    fewMonths: (months, won, needed) =>
      `Not enough yet: ${say(months)} months of history and ${say(won)} deals won; ${needed.months} months of history and ${needed.won} deals won in them are needed.`,
    open: (deals, value) =>
      `${say(deals)} open deals${value === null ? ', none with an amount' : ` of ${say(value)}`}`,
    brings: (months, value, unit) =>
      `in the next ${months} months they bring ${say(value.value)} ${unit} (${span(value)}).`,
    unpriced: (deals, average) =>
      `${say(deals)} of them have no amount and count as the average won deal, ${say(average)}.`,
    tooNarrow: (held, of) =>
      `Read the intervals as too narrow: of ${of} forecasts made before, ${held} held. Deals are not won here as they were before.`,
    lead: 'Deals that do not exist yet are not in it. The error is that of the same forecast from every month before.',
    month: (number) => `month ${number} from now`,
    together: 'together',
  },
  value: {
    title: 'Deals that are closed',
    chart: 'Average won deal',
    columns: ['group', 'won', 'lost', 'win rate', '95 %', 'average deal', '95 %', 'value won'],
    nobody: 'Nobody has bought yet.',
    customers: (customers, returned, within) =>
      `${say(customers)} customers, ${say(returned)} of whom bought again; within a year ${within === null ? 'not enough yet: nobody was followed that long' : `${percent(within.value)} do (${span(within, percent)})`}.`,
  },
  costs: {
    source: { title: (by) => `By ${by}`, chart: 'Cost of a won deal, by source', head: 'source' },
    month: { title: () => 'By month', chart: 'Cost of a won deal, by month', head: 'month' },
    columns: [
      'cost',
      'leads',
      'per lead',
      'qualified',
      'per qualified',
      '95 %',
      'won',
      'per won deal',
      '95 %',
      'open',
      'won for each 1 spent',
    ],
    lead: (currency) =>
      `Leads are deals by the month in which they began; costs are those of costs.yaml${currency === null ? '' : `, in ${currency}`}.`,
    open: 'Open deals may still be won: costs of a qualified lead and of a won deal are so far, and fall for young months.',
    without: (leads, by) =>
      `${say(leads)} leads are left out: costs.yaml has no cost for their ${by} in their month.`,
    unqualified: 'Which leads are qualified is not said: write `qualified: <stage>` in costs.yaml.',
    noStage: (stage) => `This pipeline has no stage ${stage}, so no lead of it counts as qualified.`,
    noneYet: 'none yet',
    over: (cost) => `over ${say(cost)}`,
    all: 'together',
  },
  lifetimes: {
    title: 'Value of a customer',
    columns: (ages) => [
      'first bought in',
      'customers',
      ...ages.flatMap((age) => [`by ${age} months`, '95 %']),
    ],
    lead: 'What a customer has bought on average by that age, from the first purchase on; only those who are that old count.',
    ofAll: 'Of all customers, whatever the period.',
    none: (months) => `Not enough yet: nobody bought ${months} months ago or earlier.`,
    anyQuarter: 'any quarter',
  },
  nps: {
    title: 'Score',
    chart: (survey) => `Answers to ${survey}`,
    columns: ['asked', 'answered', 'detractors', 'passives', 'promoters', 'score', '95 %'],
    score: (score) => `Score: ${score}.`,
    few: (answers, needed) => `not enough yet: ${say(answers)} answers, ${needed} are needed`,
    answered: (answered, asked, share) =>
      `${say(answered)} of ${say(asked)} who were asked have answered${share === null ? '' : ` (${percent(share)})`}.`,
    trend: (trend) =>
      trend.is === 'not enough yet'
        ? `Trend: not enough yet (${trend.n} answers in ${trend.periods} months; ${trend.needed} in 3 are needed).`
        : `Trend: ${trend.is}, ${points(trend.slope.value)} points a month (${span(trend.slope, points)}; p = ${trend.p.toFixed(3)}).`,
    groups: { detractors: 'Detractors', passives: 'Passives', promoters: 'Promoters' },
    answers: { title: 'Answers', columns: ['answer', 'people', 'of the answers', '95 %'] },
    months: {
      title: 'By month',
      chart: 'Score by month',
      lead: 'By the month in which they were asked. A month with fewer than 30 answers has no score.',
      columns: ['month', 'asked', 'answered', 'score', '95 %'],
    },
    segments: {
      title: 'By segment',
      chart: 'Score by segment',
      lead: 'Against the rest: points above or below all the others together, with an interval that allows for all the comparisons.',
      columns: ['segment', 'answered', 'response', '95 %', 'score', '95 %', 'against the rest', '95 %'],
    },
  },
  workflows: {
    title: 'Workflows',
    chart: 'Share that reached the goal',
    columns: ['workflow', 'entered', 'under way', 'goal', 'of entered', '95 %', 'lift'],
    lead: 'Lift: the share that reached the goal, less that of those held out by chance.',
    nobodyEntered: 'nobody entered',
    nobodyHeld: 'nobody is held out',
    lacking: (lack, needed) =>
      `not enough yet: ${
        {
          people: `${lack.n} people in the smaller group; ${lack.least} is the least that says anything`,
          reached: `${lack.n} reached the goal in both groups together; ${lack.least} is the least that says anything`,
          noise: `a change of ${lack.n} % could still hide in the noise`,
        }[lack.of]
      }${needed === null ? '' : `; ${say(needed)} held out are needed`}`,
    verdict: (is, difference) => `${is}: ${difference}`,
  },
  mails: {
    title: 'Mails, by people',
    columns: [
      'workflow',
      'template',
      'sent to',
      'opened',
      'clicked',
      'of sent',
      '95 %',
      'replied',
      'unsubscribed',
      'bounced',
      'complained',
      'machines alone',
    ],
    said: [
      'People, not mails: who got three letters of one template is one. A click proves an opening.',
      'Machines alone: a scanner or a proxy looked at their mail, and no person did; in opened and clicked they are not counted.',
      'A dash: policy.yaml does not have opens or clicks of this topic looked at.',
    ],
    none: 'No mail has left.',
    all: 'all of them',
  },
};

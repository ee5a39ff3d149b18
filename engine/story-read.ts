// Reads `tests:` of a workflow file into stories, or reports every mistake in them where it stands. Names of facts, steps,
// templates, stages and outcomes are checked here, so that a story fails only for what the workflow does.
import { z } from 'zod';
import { parseInstant } from './calendar-zone.ts';
import type { Catalogue, FieldTypes } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import { builtInOutcomes } from './endings.ts';
import { isOfDeal } from './phrase.ts';
import { checkShape } from './shape.ts';
import { text } from './shapes.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { Facts, Fields, Node, Reckoning, WrittenStep } from './step.ts';
import type { Expectation, Story, Telling } from './story.ts';
import { instantOn, parseDay } from './story-day.ts';
import { readFacts } from './story-given.ts';
import { readHappening } from './story-happen.ts';
import { type LineScope, readLine } from './story-lines.ts';

/** Monday, nine in the contact's own morning: a day without holidays in the shipped calendars. */
const defaultStart = '2026-01-12T09:00';

export const storyShape = z.strictObject({
  name: text.describe('What the workflow promises, as a sentence.'),
  at: text
    .optional()
    .describe('When day 0 begins, in the contact’s zone: `2026-01-12 09:00`, a Monday (default).'),
  given: z
    .strictObject({
      contact: z
        .unknown()
        .optional()
        .describe('Facts of the contact; the others are those of a made-up person.'),
      deal: z
        .unknown()
        .optional()
        .describe('Facts of the deal; `stage` is the one that it has just come to.'),
      draws: z.record(z.string(), z.string()).optional().describe('The arm of a split that is drawn.'),
    })
    .nullish()
    .describe('What is known of the contact and its deal.'),
  when: z.array(z.unknown()).nullish().describe('What happens: `- day 1: contact clicks intro`.'),
  expect: z
    .array(z.unknown())
    .min(1, 'needs a line')
    .describe('What the workflow does: `- day 0: sends intro`.'),
});

export interface StorySource {
  readonly draft: Draft;
  readonly steps: readonly WrittenStep[];
  readonly catalogue: Catalogue;
  reckon(facts: Facts): Reckoning;
  readonly report: Report;
}

export function readStories({ draft, steps, catalogue, reckon, report }: StorySource): Story[] {
  const list = draft.root.keys.get('tests')?.value;
  if (list === undefined || !Array.isArray(list.value)) return [];
  const { enter, exits, nodes } = draft.plan;
  const hasDeal = enter.per === 'deal' || (enter.when !== null && isOfDeal(enter.when));
  const all = Object.values(nodes);
  const scope = {
    catalogue,
    steps,
    hasDeal,
    report,
    outcomes: [
      ...new Set([...exits.map((exit) => exit.outcome), ...all.flatMap(outcomesOf)]),
      ...builtInOutcomes,
    ],
    named: { send: all.flatMap(({ traits }) => traits.template ?? []), survey: catalogue.surveys },
  };
  return list.items.flatMap((at) => {
    const checked = checkShape(storyShape, at, report);
    return checked === null ? [] : readStory(checked.at, draft, scope, reckon);
  });
}

/** A step that always ends the run, or one that may. */
function outcomesOf({ params, traits }: Node): string[] {
  const own = typeof params === 'object' && params !== null && 'outcome' in params ? params.outcome : null;
  return [...(traits.ends === undefined ? [] : [traits.ends]), ...(typeof own === 'string' ? [own] : [])];
}

type Scope = Omit<LineScope, 'start'>;

function readStory(at: Located, { plan }: Draft, scope: Scope, reckon: StorySource['reckon']): Story[] {
  const given = at.keys.get('given')?.value;
  const [ofContact, ofDeal] = ['contact', 'deal'].map((key) => given?.keys.get(key)?.value);
  const { contact, deal } = scope.catalogue.facts;
  const zone = ofContact?.keys.get('timezone')?.value.value;
  const time = reckon({
    contact: { timezone: typeof zone === 'string' ? zone : 'Europe/Berlin' },
    deal: null,
  });
  const start = { startsAt: readStart(at, time, scope.report), time };
  const facts = (written: Located | undefined, owner: string, types: FieldTypes): Fields =>
    written === undefined ? {} : readFacts(written, owner, types, start, scope.report);
  const dealFacts = facts(ofDeal, 'deal', deal);
  checkDeal(ofDeal, dealFacts, scope);
  const lines = { ...scope, start };
  const name = at.keys.get('name')?.value;
  return [
    {
      workflow: plan.workflow,
      name: String(name?.value ?? ''),
      place: name ?? at,
      startsAt: start.startsAt,
      given: {
        contact: facts(ofContact, 'contact', contact),
        ...(ofDeal === undefined ? {} : { deal: dealFacts }),
      },
      draws: readDraws(given?.keys.get('draws')?.value, plan, scope.report),
      tellings: (at.keys.get('when')?.value.items ?? []).flatMap((item, i) => readTelling(item, i, lines)),
      expects: (at.keys.get('expect')?.value.items ?? []).flatMap((item) => readExpectation(item, lines)),
    },
  ];
}

function readStart(at: Located, time: Reckoning, report: Report): number {
  const written = at.keys.get('at')?.value;
  const said = parseInstant(String(written?.value ?? defaultStart), time.zone);
  if (said === null && written !== undefined)
    report('wrong-value', written, `\`${written.value}\` is no instant`, 'write 2026-01-12 09:00');
  return said ?? parseInstant(defaultStart, time.zone) ?? 0;
}

function checkDeal(
  at: Located | undefined,
  { stage, pipeline }: Fields,
  { catalogue, hasDeal, report }: Scope,
): void {
  if (at === undefined) return;
  if (!hasDeal) report('no-deal', at, 'this workflow runs for a contact without a deal');
  const { pipelines } = catalogue;
  const stages = pipelines.flatMap((one) => one.stages);
  const names = pipelines.map((one) => one.name);
  const place = (key: string) => at.keys.get(key)?.value ?? at;
  if (typeof stage === 'string' && !stages.includes(stage))
    report('unknown-stage', place('stage'), `no pipeline has a stage "${stage}"`, suggest(stage, stages));
  if (typeof pipeline === 'string' && !names.includes(pipeline))
    report('wrong-value', place('pipeline'), `there is no pipeline "${pipeline}"`, suggest(pipeline, names));
}

function readDraws(
  at: Located | undefined,
  { nodes }: Draft['plan'],
  report: Report,
): { [step: string]: string } {
  const draws: { [step: string]: string } = {};
  for (const [step, { key, value }] of at?.keys ?? []) {
    const splits = Object.values(nodes).filter(({ verb }) => verb === 'split');
    const arms = Object.keys(splits.find((node) => node.id === step)?.arms ?? {});
    const ids = splits.map((node) => node.id);
    if (!ids.includes(step))
      report('unknown-step', key, `no \`split\` step here has the id \`${step}\``, suggest(step, ids));
    else if (!arms.includes(String(value.value)))
      report(
        'wrong-value',
        value,
        `\`${step}\` has no arm \`${value.value}\``,
        suggest(String(value.value), arms),
      );
    else draws[step] = String(value.value);
  }
  return draws;
}

/** `- day 3 10:00: <sentence>`, a mapping of one; or the sentence alone, where `day` is null. */
function readDated(
  item: Located,
  report: Report,
): { day: ReturnType<typeof parseDay>; line: Located } | null {
  if (typeof item.value === 'string') return { day: null, line: item };
  const [first, ...more] = item.keys;
  if (first === undefined || more.length > 0) {
    report('bad-story', item, 'a line of a story is one sentence', 'write `- day 2: sends intro`');
    return null;
  }
  const [said, { key, value }] = first;
  const day = parseDay(said);
  if (day !== null && day.day >= 0) return { day, line: value };
  report('bad-story', key, `\`${said}\` is no day of a story`, 'write `day 2:` or `day 2 10:00:`');
  return null;
}

function readTelling(
  item: Located,
  i: number,
  scope: LineScope & { start: NonNullable<LineScope['start']> },
): Telling[] {
  const dated = readDated(item, scope.report);
  if (dated === null) return [];
  const { line, day } = dated;
  const happens = readHappening(line, scope);
  if (day === null) {
    scope.report('bad-story', item, 'what happens needs its day', `write \`- day 1: ${item.value}\``);
    return [];
  }
  if (happens === null) return [];
  const at = instantOn(day, scope.start.startsAt, scope.start.time);
  return [
    {
      at,
      place: line,
      text: String(line.value),
      about: happens.about,
      happen: ({ contact, deals, asked }) => {
        const [[dealId, deal] = [null, null]] = Object.entries(deals) as [string, Fields][];
        const lastMail = asked.findLast(({ verb }) => verb === 'send')?.node ?? null;
        const doing = happens.happen({ catalogue: scope.catalogue, contact, deal, lastMail }, at);
        const id = `story-${String(i + 2).padStart(3, '0')}`;
        return { id, at, dealId, ...doing };
      },
    },
  ];
}

function readExpectation(item: Located, scope: LineScope): Expectation[] {
  const dated = readDated(item, scope.report);
  if (dated === null) return [];
  const line = readLine(dated.line, scope);
  if (line === null) return [];
  if (dated.day === null && line.text === 'nothing happens') {
    scope.report(
      'bad-story',
      item,
      'something always happens',
      'say on which day: `- day 3: nothing happens`',
    );
    return [];
  }
  return [{ ...line, day: dated.day }];
}

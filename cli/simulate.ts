// `voronka simulate <workflow>`: one contact on a virtual clock, through the same engine as production, as a timeline
// in words. Without --seed the contact does nothing; with it, the same seed does the same every time.
import { readFileSync } from 'node:fs';
import type { Catalogue } from '../engine/catalogue.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import { link } from '../engine/link.ts';
import type { Plan } from '../engine/plan.ts';
import { printTimeline, simulate as rehearse, type Simulation } from '../engine/simulate.ts';
import { readSource } from '../engine/source.ts';
import { suggest } from '../engine/spelling.ts';
import type { Fields, Happening } from '../engine/step.ts';
import { steps } from '../steps/index.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { type Compiled, compileSources, readSources } from './definitions.ts';
import { throwDice } from './demo/dice.ts';
import { findFolder } from './folders.ts';
import { formats } from './formats.ts';
import { answerBy, beginAt, dealId, inventContact, inventDeal } from './persona.ts';
import { complaint } from './streams.ts';

interface Options {
  readonly seed?: string;
  readonly contact?: string;
  readonly from: string;
  readonly days: string;
  readonly json?: boolean;
  readonly workflows?: string;
  readonly templates?: string;
}

/** What --contact FILE may say; all of it is optional. */
interface Story {
  readonly contact?: Fields;
  readonly deal?: Fields;
  readonly events?: readonly { readonly type: string; readonly at: string; readonly data?: Fields }[];
}

export const simulate = defineCommand<Options>({
  summary: 'walk one contact through a workflow, and tell what happens',
  example: 'voronka simulate qualification-nurture --seed 7',
  options: (command) =>
    command
      .argument('<workflow>', 'its name')
      .option('--seed <text>', 'lets the contact click, reply, leave or buy, the same for the same seed')
      .option('--contact <file>', 'YAML or JSON: contact, deal, and events with type, at and data')
      .option('--from <instant>', 'when it begins', '2026-01-12T09:00:00Z')
      .option('--days <n>', 'how long to look', '180')
      .option('--json', 'as JSON: the story and the timeline')
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are'),
  run: async (options, [name = ''], { env, out, err }) => {
    const config = readConfig(env);
    const compiled = await compileSources(
      readSources(
        findFolder(options.workflows ?? config.workflows, 'workflows'),
        findFolder(options.templates ?? config.templates, 'templates'),
      ),
    );
    const plan = compiled.plans.find((one) => one.workflow === name);
    if (plan === undefined && hasErrors(compiled.diagnostics)) {
      err.write(formats.text?.(compiled.diagnostics, compiled.files) ?? '');
      return 1;
    }
    if (plan === undefined) throw complaint(2, unknownWorkflow(name, compiled));
    const simulation = prepare(plan, compiled.catalogue, options);
    const { timeline } = rehearse(link([plan], [plan.hash], steps, compiled.catalogue), simulation);
    err.write(`${introduce(simulation)}\n`);
    if (options.json) out.write(`${JSON.stringify({ workflow: name, ...simulation, timeline }, null, 2)}\n`);
    else
      out.write(
        timeline.length > 0 ? printTimeline(timeline, simulation.from) : 'Nothing happens: nobody enters.\n',
      );
    return 0;
  },
});

function prepare(plan: Plan, catalogue: Catalogue, options: Options): Simulation {
  const from = Date.parse(options.from);
  const days = Number(options.days);
  if (!Number.isFinite(from))
    throw complaint(2, `--from "${options.from}" is no instant: write 2026-01-12T09:00:00Z`);
  if (!(days > 0)) throw complaint(2, `--days "${options.days}" is no number of days`);
  const story = options.contact === undefined ? {} : readStory(options.contact);
  const first = beginAt(plan, catalogue, from);
  const events =
    story.events?.map((event, i) => toHappening(event, i, plan)) ?? (first === null ? [] : [first]);
  if (events.length === 0)
    throw complaint(
      2,
      `"${plan.workflow}" begins with an event that has to be told: give --contact a file with events.`,
    );
  const deal = { ...inventDeal(catalogue, events[0] ?? null), ...story.deal };
  const isOfDeal = plan.enter.per === 'deal';
  return {
    contact: { ...inventContact(plan), ...story.contact },
    deals: isOfDeal ? { [dealId]: { ...deal, id: dealId } } : {},
    events,
    from,
    until: from + days * 86_400_000,
    ...(options.seed === undefined
      ? {}
      : { world: answerBy(throwDice(options.seed), catalogue, plan, events[0]) }),
  };
}

/** Waits are told in the contact's own time, and the column on the left is not. */
function introduce({ contact, deals }: Simulation): string {
  const deal = Object.values(deals)[0];
  const about = deal === undefined ? '' : `, about ${deal.title} for ${deal.amount} ${deal.currency}`;
  return `${contact.first_name} in ${contact.timezone}${about}. Dates on the left are UTC.`;
}

function readStory(path: string): Story {
  const { root, refusals } = readSource({ path, text: readFileSync(path, 'utf8') });
  if (refusals.length > 0 || root === null)
    throw complaint(
      2,
      refusals.map(({ place, message }) => `${path}:${place.line}:${place.column}  ${message}`).join('\n'),
    );
  return root.value as Story;
}

function toHappening(event: NonNullable<Story['events']>[number], i: number, plan: Plan): Happening {
  const at = Date.parse(event.at);
  if (!Number.isFinite(at) || typeof event.type !== 'string')
    throw complaint(2, `event ${i + 1} of the story needs a type and an instant as \`at\``);
  const data = event.data ?? {};
  return {
    id: `story-${i + 1}`,
    type: event.type,
    at,
    dealId: plan.enter.per === 'deal' ? dealId : null,
    data,
  };
}

function unknownWorkflow(name: string, { plans }: Compiled): string {
  const names = plans.map((plan) => plan.workflow);
  return `There is no workflow "${name}": ${suggest(name, names) ?? 'the folder has none'}`;
}

// `voronka simulate <workflow>`: one contact on a virtual clock, through the same engine as production, as a timeline
// in words; or with --personas, what becomes of many. Without --seed one contact does nothing; with it, the same seed does
// the same every time.
import type { Catalogue } from '../engine/catalogue.ts';
import { createConditions } from '../engine/condition.ts';
import { literalsOf } from '../engine/condition-literals.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import { isHeldOut, isRolledOut } from '../engine/gates.ts';
import { link } from '../engine/link.ts';
import { inventPersona } from '../engine/persona.ts';
import type { Plan } from '../engine/plan.ts';
import { printTimeline, simulate as rehearse, type Simulation, withNotices } from '../engine/simulate.ts';
import { suggest } from '../engine/spelling.ts';
import { steps } from '../steps/index.ts';
import { answerBy } from './answer.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { type Checked, checkSources, readSources } from './definitions.ts';
import { throwDice } from './demo/dice.ts';
import { findFolder } from './folders.ts';
import { formats } from './formats.ts';
import { tallyCrowd } from './personas-tally.ts';
import { tellTally } from './personas-tell.ts';
import { readContactFile } from './simulate-file.ts';
import { complaint, type ExitCode, type Streams } from './streams.ts';

interface Options {
  readonly seed?: string;
  readonly contact?: string;
  readonly personas?: string;
  readonly from: string;
  readonly days: string;
  readonly json?: boolean;
  readonly workflows?: string;
  readonly templates?: string;
}

export const simulate = defineCommand<Options>({
  summary: 'walk one contact through a workflow, and tell what happens',
  example: 'voronka simulate qualification-nurture --seed 7',
  options: (command) =>
    command
      .argument('<workflow>', 'its name')
      .option('--seed <text>', 'lets the contact click, reply, leave or buy, the same for the same seed')
      .option('--contact <file>', 'YAML or JSON: contact, deal, and events with type, at and data')
      .option('--personas <n>', 'so many made-up people instead of one, and what becomes of how many')
      .option('--from <instant>', 'when it begins', '2026-01-12T09:00:00Z')
      .option('--days <n>', 'how long to look', '180')
      .option('--json', 'as JSON: the story and the timeline')
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are'),
  run: async (options, [name = ''], { env, out, err }) => {
    const config = readConfig(env);
    const compiled = checkSources(
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
    if (options.personas !== undefined) return simulateCrowd(plan, compiled.catalogue, options, { out, err });
    const simulation = prepare(plan, compiled.catalogue, options);
    const { timeline, rehearsal } = rehearse(
      link([plan], [plan.hash], steps, compiled.catalogue),
      simulation,
    );
    err.write(`${introduce(simulation)}\n`);
    if (options.json)
      out.write(
        `${JSON.stringify({ workflow: name, ...simulation, timeline, notices: rehearsal.notices }, null, 2)}\n`,
      );
    else
      out.write(
        timeline.length > 0
          ? printTimeline(withNotices(rehearsal), simulation.from)
          : 'Nothing happens: nobody enters.\n',
      );
    return 0;
  },
});

/** All that is wrong with them, at once. */
function readSpan(options: Options): { from: number; days: number } {
  const from = Date.parse(options.from);
  const days = Number(options.days);
  const wrong = [
    ...(Number.isFinite(from) ? [] : [`--from "${options.from}" is no instant: write 2026-01-12T09:00:00Z`]),
    ...(days > 0 ? [] : [`--days "${options.days}" is no number of days`]),
    ...(options.personas === undefined || /^[1-9]\d{0,6}$/.test(options.personas)
      ? []
      : [`--personas "${options.personas}" is no number of people: write 1000`]),
    ...(options.personas === undefined || options.contact === undefined
      ? []
      : ['--contact tells of one person, and --personas of many: leave one of them out']),
  ];
  if (wrong.length > 0) throw complaint(2, wrong.join('\n'));
  return { from, days };
}

function simulateCrowd(
  plan: Plan,
  catalogue: Catalogue,
  options: Options,
  { out, err }: Pick<Streams, 'out' | 'err'>,
): ExitCode {
  const { from, days } = readSpan(options);
  const literals = literalsOf(plan, createConditions(catalogue));
  const personas = Number(options.personas);
  const seed = options.seed ?? '1';
  const tally = tallyCrowd(
    link([plan], [plan.hash], steps, catalogue),
    { plan, catalogue, literals, seed, from },
    { personas, days, tell: (done) => err.write(`${done} of ${personas}\n`) },
  );
  if (options.json)
    out.write(`${JSON.stringify({ workflow: plan.workflow, seed, watchedDays: days, ...tally }, null, 2)}\n`);
  else out.write(tellTally(tally));
  return 0;
}

function prepare(plan: Plan, catalogue: Catalogue, options: Options): Simulation {
  const { from, days } = readSpan(options);
  const file = options.contact === undefined ? {} : readContactFile(options.contact, catalogue);
  const subject = findDrawn(plan);
  const isPerContact = plan.enter.per === 'contact' && file.contact?.id === undefined;
  const given = isPerContact ? { ...file, contact: { ...file.contact, id: subject } } : file;
  const { first, ...persona } = inventPersona(plan, catalogue, given, { at: from, dealId: subject });
  const [dealId] = Object.keys(persona.deals);
  const events = file.events?.map((event, i) => ({
    ...event,
    id: `story-${String(i + 1).padStart(3, '0')}`,
    dealId: dealId ?? null,
  })) ?? [first];
  // Where the file tells the events, it also says where the deal stands before them.
  const told = file.events === undefined || dealId === undefined ? {} : { ...file.deal, id: dealId };
  const deals = dealId === undefined ? {} : { [dealId]: { ...persona.deals[dealId], ...told } };
  return {
    ...persona,
    deals,
    events,
    from,
    until: from + days * 86_400_000,
    ...(options.seed === undefined
      ? {}
      : { world: answerBy(throwDice(options.seed), catalogue, plan, events[0]) }),
  };
}

/** Somebody whom rollout lets in and who is not of the control group; where there is nobody, the first. */
function findDrawn(plan: Plan): string {
  const all = Array.from({ length: 1000 }, (_, i) => `deal-${i + 1}`);
  return all.find((id) => isRolledOut(plan, id) && !isHeldOut(plan, id)) ?? 'deal-1';
}

/** Waits are told in the contact's own time, and the column on the left is not. */
function introduce({ contact, deals }: Simulation): string {
  const deal = Object.values(deals)[0];
  const about = deal === undefined ? '' : `, about ${deal.title} for ${deal.amount} ${deal.currency}`;
  return `${contact.first_name} in ${contact.timezone}${about}. Dates on the left are UTC.`;
}

function unknownWorkflow(name: string, { plans }: Checked): string {
  const names = plans.map((plan) => plan.workflow);
  return `There is no workflow "${name}": ${suggest(name, names) ?? 'the folder has none'}`;
}

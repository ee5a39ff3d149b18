// `voronka graph <workflow>`: the flow as a picture or as Mermaid's text, with the people at each step where the ledger is
// asked. It draws the file as it stands, applied or not.
import { writeFileSync } from 'node:fs';
import { writeMermaid } from '../analysis/graph-mermaid.ts';
import { drawFlow } from '../analysis/graph-svg.ts';
import { countByStep } from '../db/flow-counts.ts';
import { type Flow, flowOf } from '../engine/flow.ts';
import { suggest } from '../engine/spelling.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { checkSources, readSources } from './definitions.ts';
import { withDeps } from './deps.ts';
import { findFolder } from './folders.ts';
import { openLedger } from './ledger.ts';
import { complaint, type Streams } from './streams.ts';

interface Options {
  readonly format?: string;
  readonly out?: string;
  readonly counts?: boolean;
  readonly workflows?: string;
  readonly templates?: string;
}

type Counts = { [step: string]: { here: number; came: number } };

const formats: { readonly [format: string]: (flow: Flow, counts: Counts | null) => string } = {
  svg: (flow, counts) => `${drawFlow(flow, { id: 'flow', counts })}\n`,
  mermaid: writeMermaid,
};

export const graph = defineCommand<Options>({
  summary: 'draw a workflow: its steps, branches and ends',
  example: 'voronka graph welcome --out welcome.svg',
  options: (command) =>
    command
      .argument('<workflow>', 'the name of a workflow')
      .option('--out <file>', 'where to write it; none: to the terminal')
      .option('--format <format>', 'svg | mermaid (default: by the ending of --out, else svg)')
      .option('--counts', 'with the people at each step, and how many came, as the ledger knows them')
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are'),
  run: async (options, [name = ''], streams) => {
    const write = formats[options.format ?? (/\.(mmd|md)$/.test(options.out ?? '') ? 'mermaid' : 'svg')];
    if (write === undefined) throw complaint(2, `--format is svg or mermaid, not ${options.format}.`);
    const config = readConfig(streams.env);
    const flow = readFlow(name, options, config);
    const text = write(flow, options.counts ? await readCounts(name, config, streams) : null);
    if (options.out === undefined) streams.out.write(text);
    else {
      writeFileSync(options.out, text);
      streams.err.write(`Wrote ${options.out}.\n`);
    }
    return 0;
  },
});

function readFlow(name: string, options: Options, config: Config): Flow {
  const workflows = findFolder(options.workflows ?? config.workflows, 'workflows');
  const templates = findFolder(options.templates ?? config.templates, 'templates');
  const { plans } = checkSources(readSources(workflows, templates));
  const plan = plans.find(({ workflow }) => workflow === name);
  if (plan !== undefined) return flowOf(plan);
  const known = plans.map(({ workflow }) => workflow);
  throw complaint(2, `There is no workflow ${name} without errors; ${suggest(name, known) ?? 'run lint'}`);
}

async function readCounts(name: string, config: Config, streams: Streams): Promise<Counts> {
  const counts: Counts = {};
  await withDeps(config, streams, async (deps) => {
    const { db } = await openLedger(deps, 'graph', { isGuest: true });
    for (const { node, here, came } of await countByStep(db, name)) counts[node] = { here, came };
    return 0;
  });
  return counts;
}

// `voronka test [workflow...]`: every story of the files, on a virtual clock, through the engine of production. A story that
// fails points at the line that was not kept, with what happened instead. 0 where all hold, 1 where one does not.
import { hasErrors } from '../engine/diagnostic.ts';
import { link } from '../engine/link.ts';
import type { Program } from '../engine/plan.ts';
import { suggest } from '../engine/spelling.ts';
import type { Story } from '../engine/story.ts';
import { steps } from '../steps/index.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { type Checked, checkSources, readSources } from './definitions.ts';
import { findFolder } from './folders.ts';
import { formats } from './formats.ts';
import { complaint } from './streams.ts';
import { judge, tellVerdicts, type Verdict } from './verdicts.ts';

interface Options {
  readonly json?: boolean;
  readonly workflows?: string;
  readonly templates?: string;
}

export const test = defineCommand<Options>({
  summary: 'run the stories of the workflows, and say which of them do not hold',
  example: 'voronka test qualification-nurture',
  options: (command) =>
    command
      .argument('[workflows...]', 'their names; none: all there are')
      .option('--json', 'as JSON: each story, and for each failing line what happened instead')
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are'),
  run: async (options, named, { env, out, err }) => {
    const config = readConfig(env);
    const compiled = checkSources(
      readSources(
        findFolder(options.workflows ?? config.workflows, 'workflows'),
        findFolder(options.templates ?? config.templates, 'templates'),
      ),
    );
    const errors = compiled.diagnostics.filter((one) => one.severity === 'error');
    if (errors.length > 0) err.write(formats.text?.(errors, compiled.files) ?? '');
    checkNames(named, compiled);
    const isAsked = ({ workflow }: Story) => named.length === 0 || named.includes(workflow);
    const verdicts = judge(compiled.stories.filter(isAsked), programOf(compiled));
    const silent = compiled.plans
      .map((plan) => plan.workflow)
      .filter((name) => named.length === 0 || named.includes(name))
      .filter((name) => !verdicts.some(({ story }) => story.workflow === name));
    out.write(
      options.json
        ? `${JSON.stringify(verdicts.map(toJson), null, 2)}\n`
        : tellVerdicts(verdicts, silent, compiled.files),
    );
    return hasErrors(errors) || verdicts.some(({ failures }) => failures.length > 0) ? 1 : 0;
  },
});

function programOf({ plans, catalogue }: Checked): Program {
  return link(
    plans,
    plans.map((plan) => plan.hash),
    steps,
    catalogue,
  );
}

function checkNames(named: readonly string[], { plans, diagnostics }: Checked): void {
  const known = plans.map((plan) => plan.workflow);
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  if (hasErrors(diagnostics)) throw complaint(1, `No story was run of ${unknown.join(', ')}.`);
  const lines = unknown.map(
    (name) => `There is no workflow "${name}": ${suggest(name, known) ?? 'the folder has none'}`,
  );
  throw complaint(2, lines.join('\n'));
}

function toJson({ story, failures }: Verdict) {
  const { file, line, column } = story.place;
  return {
    workflow: story.workflow,
    story: story.name,
    file,
    line,
    column,
    passed: failures.length === 0,
    failures: failures.map(({ place, expected, instead }) => ({
      line: place.line,
      column: place.column,
      expected,
      instead,
    })),
  };
}

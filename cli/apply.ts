// Definitions into the ledger, under one revision; and `voronka apply`, which is that. With an error anywhere nothing
// is applied and everything is said. Applying the same files again changes nothing but goes on moving whom an apply that
// was killed had not reached; applying old files is the way back.
import type { Definitions } from '../db/plans.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import type { Json } from '../engine/step.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { type Compiled, compileSources, readSources } from './definitions.ts';
import { withDeps } from './deps.ts';
import { findFolder } from './folders.ts';
import { formats } from './formats.ts';
import { openLedger } from './ledger.ts';
import { type CarriedOut, carryOut } from './plan/carry-out.ts';
import { countOf } from './plan/print.ts';
import { complaint } from './streams.ts';

export interface FolderOptions {
  readonly workflows?: string;
  readonly templates?: string;
}

interface Options extends FolderOptions {
  readonly plan?: string;
  readonly confirm?: boolean;
  readonly json?: boolean;
}

export const apply = defineCommand<Options>({
  summary: 'put the workflows and templates of the folders into the ledger',
  example: 'voronka apply --plan 3f2a91bc-12-77aa01de',
  options: (command) =>
    command
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are')
      .option(
        '--plan <id>',
        'only what `voronka plan` said under this id; refused where the ground has moved',
      )
      .option('--confirm', 'also where more people are affected than confirm_over in policy.yaml')
      .option('--json', 'as JSON'),
  run: async (options, _args, streams) => {
    const config = readConfig(streams.env);
    const compiled = await compileFolders(config, options);
    return withDeps(config, streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'apply', { isGuest: true });
      const done = await carryOut(
        { db, clock, streams },
        { definitions: definitionsOf(compiled), catalogue: compiled.catalogue },
        {
          plan: options.plan ?? null,
          isConfirmed: options.confirm === true,
          most: compiled.catalogue.policy.confirmOver,
          confirming: 'read it, and apply it with --confirm',
        },
      );
      streams.out.write(
        options.json ? `${JSON.stringify(toJson(done, compiled))}\n` : tellDone(done, compiled),
      );
      return 0;
    });
  },
});

function toJson({ plan, revision, changed, moved }: CarriedOut, { plans, templates }: Compiled) {
  const { ground: _, ...drawn } = plan;
  return { revision, changed, workflows: plans.length, templates: templates.length, moved, plan: drawn };
}

function tellDone({ revision, changed, moved }: CarriedOut, compiled: Compiled): string {
  const people = moved > 0 ? ` ${countOf(moved)} runs under way were moved.` : '';
  return changed
    ? `Applied ${tell(compiled)} as revision ${revision}.${people}\n`
    : `Nothing to change: revision ${revision} is applied.${people}\n`;
}

/** Everything that is wrong, as one complaint; else what can be applied. */
export async function compileFolders(config: Config, options: FolderOptions): Promise<Compiled> {
  const workflows = findFolder(options.workflows ?? config.workflows, 'workflows');
  const templates = findFolder(options.templates ?? config.templates, 'templates');
  const compiled = await compileSources(readSources(workflows, templates));
  if (!hasErrors(compiled.diagnostics)) return compiled;
  const text = formats.text?.(compiled.diagnostics, compiled.files) ?? '';
  throw complaint(1, `${text}Nothing was applied.`);
}

export function tell({ plans, templates }: Compiled): string {
  return `${plans.length} workflows and ${templates.length} templates`;
}

/** As the ledger keeps them. */
export function definitionsOf({ plans, templates, catalogue }: Compiled): Definitions {
  const { templates: _, ...declarations } = catalogue;
  return {
    plans,
    templates: templates.map((one) => ({
      name: one.name,
      locale: one.locale,
      hash: one.hash,
      targets: one.targets ?? [],
      body: one as unknown as Json,
    })),
    declarations: declarations as unknown as { readonly [name: string]: Json },
  };
}

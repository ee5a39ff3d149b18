// Definitions into the ledger, under one revision; and `voronka apply`, which is that. With an error anywhere nothing
// is applied and everything is said. Applying the same files again changes nothing; applying old files is the way back.
import type { Db } from '../db/connect.ts';
import { applyDefinitions } from '../db/plans.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import type { Json } from '../engine/step.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { type Compiled, compileSources, readSources } from './definitions.ts';
import { withDeps } from './deps.ts';
import { findFolder } from './folders.ts';
import { formats } from './formats.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';

export interface FolderOptions {
  readonly workflows?: string;
  readonly templates?: string;
}

interface Options extends FolderOptions {
  readonly json?: boolean;
}

export const apply = defineCommand<Options>({
  summary: 'put the workflows and templates of the folders into the ledger',
  example: 'voronka apply --workflows workflows --templates templates',
  options: (command) =>
    command
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are')
      .option('--json', 'as JSON'),
  run: async (options, _args, streams) => {
    const config = readConfig(streams.env);
    const compiled = await compileFolders(config, options);
    return withDeps(config, streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'apply', { isGuest: true });
      const { revision, changed } = await applyCompiled(db, compiled, await clock.now());
      const { plans, templates } = compiled;
      if (options.json)
        streams.out.write(
          `${JSON.stringify({ revision, changed, workflows: plans.length, templates: templates.length })}\n`,
        );
      else if (!changed) streams.out.write(`Nothing to change: revision ${revision} is applied.\n`);
      else streams.out.write(`Applied ${tell(compiled)} as revision ${revision}.\n`);
      return 0;
    });
  },
});

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

export async function applyCompiled(
  db: Db,
  { plans, templates, catalogue }: Compiled,
  now: number,
): Promise<{ revision: number; changed: boolean }> {
  const { templates: _, ...declarations } = catalogue;
  return applyDefinitions(
    db,
    {
      plans,
      templates: templates.map((one) => ({
        name: one.name,
        locale: one.locale,
        hash: one.hash,
        body: one as unknown as Json,
        targets: one.targets ?? [],
      })),
      declarations: declarations as unknown as { readonly [name: string]: Json },
    },
    now,
  );
}

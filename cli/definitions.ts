// Definitions from disk to what can be applied, or to every diagnostic at once. Only the command line reads files:
// workers and the web know the ledger's copy. A template's diagnostics and a workflow's are one list, in one form.
import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Catalogue } from '../engine/catalogue.ts';
import { compile } from '../engine/compile.ts';
import { declarations, isDeclaration, readCatalogue } from '../engine/declarations.ts';
import type { Diagnostic } from '../engine/diagnostic.ts';
import type { Plan } from '../engine/plan.ts';
import { compileTemplates } from '../mail/library.ts';
import { type CompiledTemplate, toSummaries } from '../mail/template.ts';
import { steps } from '../steps/index.ts';
import { readFolder, readText, shippedFolder, type TextFile } from './folders.ts';

export interface Compiled {
  readonly plans: readonly Plan[];
  readonly templates: readonly CompiledTemplate[];
  readonly catalogue: Catalogue;
  readonly diagnostics: readonly Diagnostic[];
  /** For the carets. */
  readonly files: readonly TextFile[];
}

export interface Sources {
  /** Declarations and workflows. */
  readonly workflows: readonly TextFile[];
  readonly templatesFolder: string;
}

export function readSources(workflowsFolder: string, templatesFolder: string): Sources {
  return { workflows: declare(readFolder(workflowsFolder, ['.yaml', '.yml'])), templatesFolder };
}

/** A declaration that is missing is taken from what is shipped: without pipelines no workflow can say anything. */
export function declare(files: readonly TextFile[]): TextFile[] {
  const missing = declarations.filter(({ file }) => !files.some(({ path }) => basename(path) === file));
  const shipped = missing
    .map(({ file }) => join(shippedFolder('workflows'), file))
    .filter((path) => existsSync(path));
  return [...shipped.map(readText), ...files];
}

export async function compileSources({ workflows, templatesFolder }: Sources): Promise<Compiled> {
  const letters = existsSync(templatesFolder) ? readFolder(templatesFolder, ['.mjml', '.txt']) : [];
  const { facts, policy } = readCatalogue(workflows, {}).catalogue;
  const library = await compileTemplates(
    letters.map(({ path, text }) => ({ path: slashed(relative(templatesFolder, path)), text })),
    facts,
    Object.keys(policy.topics),
  );
  const declared = readCatalogue(workflows, toSummaries(library.templates));
  const compiled = compile(
    workflows.filter(({ path }) => !isDeclaration(path)),
    steps,
    declared.catalogue,
  );
  const ofTemplates = library.diagnostics.map((one) => ({
    ...one,
    file: join(templatesFolder, one.file),
    length: 1,
    hint: one.hint ?? null,
  }));
  return {
    plans: compiled.plans,
    templates: library.templates,
    catalogue: declared.catalogue,
    diagnostics: [...declared.diagnostics, ...compiled.diagnostics, ...ofTemplates],
    files: [...workflows, ...letters],
  };
}

const slashed = (path: string) => path.replaceAll('\\', '/');

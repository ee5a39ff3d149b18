// Definitions from disk to what can be applied, or to every diagnostic at once. Only the command line reads files:
// workers and the web know the ledger's copy. A template's diagnostics and a workflow's are one list, in one form.
import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Catalogue } from '../engine/catalogue.ts';
import { compile } from '../engine/compile.ts';
import { declarations, isDeclaration, readCatalogue } from '../engine/declarations.ts';
import type { Diagnostic } from '../engine/diagnostic.ts';
import type { Plan } from '../engine/plan.ts';
import type { Story } from '../engine/story.ts';
import { compileTemplates, type Kept, readTemplates } from '../mail/library.ts';
import { type CompiledTemplate, toSummaries } from '../mail/template.ts';
import { readLiquid } from '../mail/texts.ts';
import { steps } from '../steps/index.ts';
import { readFolder, readText, shippedFolder, type TextFile } from './folders.ts';

/** What is known of definitions without MJML. */
export interface Checked {
  readonly plans: readonly Plan[];
  readonly stories: readonly Story[];
  readonly catalogue: Catalogue;
  readonly diagnostics: readonly Diagnostic[];
  /** For the carets. */
  readonly files: readonly TextFile[];
}

export interface Compiled extends Checked {
  readonly templates: readonly CompiledTemplate[];
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
  const missing = declarations.filter(
    ({ file, isOwn }) => isOwn !== true && !files.some(({ path }) => basename(path) === file),
  );
  const shipped = missing
    .map(({ file }) => join(shippedFolder('workflows'), file))
    .filter((path) => existsSync(path));
  return [...shipped.map(readText), ...files];
}

export async function compileSources(sources: Sources, kept?: Kept): Promise<Compiled> {
  const letters = readLetters(sources);
  const { facts, forms, policy } = readCatalogue(sources.workflows, {}).catalogue;
  const known = { ...facts, forms: Object.keys(forms) };
  const topics = Object.keys(policy.topics);
  const library = await compileTemplates(letters.map(named(sources)), known, topics, kept, policy.brand);
  return { ...compileBeside(sources, letters, library), templates: library.templates };
}

/** All that can be said without MJML, which is all there is to say of workflows and declarations. */
export function checkSources(sources: Sources): Checked {
  const letters = readLetters(sources);
  const { facts, forms, policy } = readCatalogue(sources.workflows, {}).catalogue;
  const known = { ...facts, forms: Object.keys(forms) };
  const library = readTemplates(letters.map(named(sources)), known, Object.keys(policy.topics));
  return compileBeside(sources, letters, library);
}

function readLetters({ templatesFolder }: Sources): TextFile[] {
  return existsSync(templatesFolder) ? readFolder(templatesFolder, ['.mjml', '.txt']) : [];
}

/** A template by its path within the folder. */
const named =
  ({ templatesFolder }: Sources) =>
  ({ path, text }: TextFile) => ({
    path: relative(templatesFolder, path).replaceAll('\\', '/'),
    text,
  });

interface Library {
  readonly templates: Parameters<typeof toSummaries>[0];
  readonly diagnostics: readonly Diagnostic[];
}

function compileBeside(
  { workflows, templatesFolder }: Sources,
  letters: readonly TextFile[],
  library: Library,
): Checked {
  const declared = readCatalogue(workflows, toSummaries(library.templates));
  const compiled = compile(
    workflows.filter(({ path }) => !isDeclaration(path)),
    steps,
    declared.catalogue,
    readLiquid,
  );
  const ofTemplates = library.diagnostics.map((one) => ({
    ...one,
    file: join(templatesFolder, one.file),
    length: 1,
    hint: one.hint ?? null,
  }));
  return {
    plans: compiled.plans,
    stories: compiled.stories,
    catalogue: declared.catalogue,
    diagnostics: [...declared.diagnostics, ...compiled.diagnostics, ...ofTemplates],
    files: [...workflows, ...letters],
  };
}
